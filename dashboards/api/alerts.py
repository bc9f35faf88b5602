"""Alerts of the inbox: their state, and the contacts that show them."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from dashboards.api.answers import listed, one
from dashboards.api.asked import Days, Paged, choice, filters_of, several
from dashboards.api.blueprint import resource
from dashboards.api.problems import Problem
from dashboards.api.rows import plain, rows
from dashboards.api.site import current_site
from dashboards.api.told import count, envelope, moment, number, word, words
from dashboards.data.evidence_ids import evidence_ids

STATES = ("open", "acknowledged", "muted", "resolved", "false_alarm")


class Alert(ma.Schema):
    """An incident for a person."""

    alert_id = word("its name")
    event = word("spike or dip; null where the event is not published")
    spike_id = word("name of the spike or dip")
    kind = word("keyword, topic, category, volume, negative or sentiment")
    key = word("what it is about")
    title = word("the line a person reads")
    state = word("open, acknowledged, muted, resolved or false_alarm")
    severity = word("high, medium or low")
    owner = word("who took it")
    channel = word("* = all")
    started = moment("start")
    observed = number("contacts in the bucket that alarmed; of a fall of mood the mean score")
    expected = number("what was expected of it")
    n_contacts = count("contacts behind it")


class AlertWhole(Alert):
    """An alert with its evidence."""

    contact_ids = words("contacts behind it, at most 1,000")


class AskedAlerts(Days, Paged):
    """Which alerts."""

    channel = several("channel of the alert; those over all channels come too; may be given more than once")
    state = choice("only those in this state", *STATES, load_default=None, allow_none=True)


class AskedNothing(ma.Schema):
    """No parameters."""


@resource("/alerts", envelope(Alert, "Alerts"), asks=AskedAlerts)
def alert_list(asked: dict[str, Any]) -> Any:
    """List alerts that began in a period, open and severe ones first, as the inbox has them now."""
    filters = filters_of(asked)
    found = _alerts(filters.start, filters.end, filters.channels)
    if asked["state"]:
        found = [row for row in found if row["state"] == asked["state"]]
    return listed(found, asked, filters)


@resource("/alerts/<alert_id>", envelope(AlertWhole, "AlertAnswer", one=True), asks=AskedNothing)
def alert_one(asked: dict[str, Any], alert_id: str) -> Any:
    """Show one alert with the ids of the contacts behind it."""
    context = current_site().context([])
    found = context.alerts.find(context.source, alert_id)
    if found is None:
        raise Problem(404, "there is no such alert", expected="an alert_id of /api/v1/alerts", got=alert_id)
    ids = evidence_ids(context.source, str(found["spike_id"]))
    told = {name: plain(value, context.source.zone) for name, value in found.items()}
    return one({**told, "n_contacts": told["n_listed"], "contact_ids": ids})


def _alerts(start: Any, end: Any, channels: tuple[str, ...]) -> list[dict[str, Any]]:
    context = current_site().context([])
    found = context.alerts.table(context.source, start=start, end=end, channels=channels)
    return rows(found.assign(n_contacts=found["n_listed"]), context.source.zone)
