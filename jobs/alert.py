"""alert: spike, dip and the contacts behind them → the inbox.

    python -m jobs.alert --day 2026-03-01 --to 2026-03-07 --no-send

The same days again update the alerts they raised, and neither double nor resend them; what people decided stays. An
open alert whose spike or dip the days no longer have is taken back. An alert whose incident is over ends by itself.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from analytics.inbox import Context, Evidence, NewAlert, Policy, dip_alert, spike_alert
from analytics.inbox.routing import Facts, facts_of, routed, with_team
from analytics.lineage import note_write
from analytics.settings import Settings, load_settings
from analytics.text.lexicons import Lexicons, load_lexicons
from jobs.alert_evidence import Incidents, incidents_of
from jobs.command import run_command
from jobs.contact_hours import contact_hours, last_contacts
from jobs.inbox import open_inbox, patiently, policy_of
from jobs.lake_lock import writing_lake
from jobs.run_log import recorded
from jobs.topic_decisions import decided_of
from jobs.window import Window

FRESH = dt.timedelta(days=2)
"""What began longer ago is no news when a nightly run finds it. Our choice: yesterday, and a night's delay."""


@patiently
def run(
    settings: Settings,
    first_day: dt.date,
    last_day: dt.date,
    *,
    send: bool,
    not_before: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> dict[str, int]:
    """Raise the alerts of the local days `first_day` to `last_day`.

    Parameters
    ----------
    send : bool
        Whether messages go out for alerts that are new; off for backfills.
    not_before : datetime, optional
        With `send`, only those that began (that are known: were last seen) at this moment or later; all if not given.
    now : datetime, optional
        The clock.

    Returns
    -------
    dict of str to int
        `alerts` of these days, how many of them are `new`, how many were `withdrawn`; where there are any, how many
        `calmed` and were `resolved` by themselves.
    """
    at = now or dt.datetime.now(dt.UTC)
    window = Window(first_day, last_day)
    # Beside a run that writes the lake, alerts of a day that is just being replaced would be taken back.
    with writing_lake(settings, "kesheng alert"), recorded("alert", window, settings.lake) as counts:
        note_write("alert")
        with incidents_of(settings.lake, first_day, last_day) as incidents:
            found, ways = _addressed(_alerts(incidents, settings), settings)
            found = _until_last_contact(found, incidents, settings, window)
        # The day before, for what was last seen then; longer ago, any day's hours will do.
        hours = contact_hours(settings.lake, (first_day - dt.timedelta(days=1), last_day))
        inbox = open_inbox(settings)
        try:
            new = inbox.raise_alerts(
                found, now=at, send=send, ways=lambda alert: ways[alert.alert_id], not_before=not_before
            )
            since, until = _bounds(window, settings.timezone)
            ids = {alert.alert_id for alert in found}
            withdrawn = inbox.withdraw(ids, since=since, until=until, now=at, send=send)
            ended = inbox.settle(hours, now=at, send=send)
        finally:
            inbox.close()
        counts.rows_in, counts.rows_out = len(found), len(found)
    told = {"alerts": len(found), "new": len(new), "withdrawn": withdrawn}
    return told | {name: n for name, n in ended.items() if n}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; without --send or --no-send, only what began in the last two days is sent."""

    def work(given: argparse.Namespace) -> Mapping[str, int]:
        settings, now = load_settings(), dt.datetime.now(dt.UTC)
        today = now.astimezone(ZoneInfo(settings.timezone)).date()
        window = Window.parse(given.day or today.isoformat(), given.to)
        not_before = now - FRESH if given.send is None else None
        return run(settings, window.first, window.last, send=given.send is not False, not_before=not_before, now=now)

    def extra(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--send",
            action=argparse.BooleanOptionalAction,
            help="send all new alerts, or none; if not given, those that began in the last two days",
        )

    return run_command("alert", "Raise alerts for the days' spikes and dips.", arguments, work, extra=extra)


def _alerts(incidents: Incidents, settings: Settings) -> list[tuple[NewAlert, Facts]]:
    """Return the alerts of all incidents, each with what routes look at."""
    topics = incidents.topics()
    labels = {topic_id: topic["label"] for topic_id, topic in topics.items()} | decided_of(settings).labels
    readable = incidents.category_labels() | labels
    context = Context(settings.notify.dashboard_url, settings.timezone, readable, incidents.births())
    dips = incidents.dips()
    lexicons, policy = load_lexicons(settings.lexicons, settings.text.user_words), policy_of(settings)
    found: list[tuple[NewAlert, Facts]] = []
    told: set[str] = set()
    for spike in incidents.spikes():
        falls = _falls(spike, dips)
        told |= {fall["dip_id"] for fall in falls}
        evidence = _evidence(incidents, spike, topics, lexicons)
        alert = dip_alert(falls[0], evidence, context, spike=spike) if falls else spike_alert(spike, evidence, context)
        alert = _judged(alert, policy)
        found.append((alert, facts_of(alert, evidence, labels, spike["related"] or ())))
    for dip in dips:
        if dip["dip_id"] not in told:
            evidence = incidents.evidence(dip["contact_ids"] or ())
            alert = _judged(dip_alert(dip, evidence, context), policy)
            found.append((alert, facts_of(alert, evidence, labels)))
    return found


def _judged(alert: NewAlert, policy: Policy) -> NewAlert:
    """Return an alert of its final kind and severity; a fall of mood is one matter, whether it is an alarm or not."""
    whole = replace(alert, kind="sentiment") if alert.kind == "dip" else alert
    return replace(whole, severity=policy.severity(whole))


def _addressed(
    found: Sequence[tuple[NewAlert, Facts]], settings: Settings
) -> tuple[list[NewAlert], dict[str, tuple[str, ...]]]:
    """Return the alerts, each with the team that looks after it, and the ways of each by alert_id."""
    routes = {alert.alert_id: routed(facts, settings.notify) for alert, facts in found}
    alerts = [with_team(alert, routes[alert.alert_id].teams) for alert, _ in found]
    return alerts, {alert_id: route.ways for alert_id, route in routes.items()}


def _until_last_contact(
    found: Sequence[NewAlert], incidents: Incidents, settings: Settings, window: Window
) -> list[NewAlert]:
    """Return the alerts with the time until which their incident went on, and how many windows in a row that is."""
    events = {
        **{row["dip_id"]: (row["contact_ids"] or (), None) for row in incidents.dips()},
        **{row["spike_id"]: (row["contact_ids"] or (), row["bucket_seconds"]) for row in incidents.spikes()},
    }
    days = window.first, window.last + dt.timedelta(days=1)
    last = last_contacts(settings.lake, days, {name: ids for name, (ids, _) in events.items()})
    return [_lasting(alert, last.get(alert.spike_id), *events[alert.spike_id]) for alert in found]


def _lasting(
    alert: NewAlert, last_contact: dt.datetime | None, contact_ids: Sequence[str], bucket_seconds: int | None
) -> NewAlert:
    ended_at = max(alert.started_at, last_contact or alert.ended_at or alert.started_at)
    lasted = (ended_at - alert.started_at).total_seconds()
    n_windows = 1 if bucket_seconds is None else max(1, math.ceil(lasted / bucket_seconds))
    return replace(alert, ended_at=ended_at, n_windows=n_windows, contact_ids=contact_ids)


def _evidence(
    incidents: Incidents, spike: Mapping[str, Any], topics: Mapping[str, Mapping[str, Any]], lexicons: Lexicons
) -> Evidence:
    """Return what is behind a spike; it is about its key, the words of its topic, and the words that rose with it.

    A key counts what was said in other words too (退钱 under 退款): turns that say it so tell of it as well.
    """
    words = topics.get(spike["key"], {}).get("words") or ()
    related = [key for key in spike["related"] or () if key not in topics]
    key = spike["key"] if spike["kind"] == "keyword" else ""
    terms = () if spike["kind"] in ("volume", "sentiment") else (*words, *related, *lexicons.variants(key))
    return incidents.evidence(spike["contact_ids"] or (), key=key, terms=terms)


def _falls(spike: Mapping[str, Any], dips: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the dips that an alarm of kind sentiment stands for, first one first; each is told only once."""
    if spike["kind"] != "sentiment":
        return []
    ids = set(spike["contact_ids"] or ())
    return [
        dip
        for dip in dips
        if dip["channel"] == spike["channel"] and dip["contact_ids"] and ids.issuperset(dip["contact_ids"])
    ]


def _bounds(window: Window, zone: str) -> tuple[dt.datetime, dt.datetime]:
    midnight = dt.time(tzinfo=ZoneInfo(zone))
    after = window.last + dt.timedelta(days=1)
    return dt.datetime.combine(window.first, midnight), dt.datetime.combine(after, midnight)


if __name__ == "__main__":
    sys.exit(main())
