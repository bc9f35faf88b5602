"""alert: spike, dip and the contacts behind them → the inbox.

    python -m jobs.alert --day 2026-03-01 --to 2026-03-07 --no-send

The same days again update the alerts they raised, and neither double nor resend them; what people decided stays. An
open alert whose spike or dip the days no longer have is taken back.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from analytics.inbox import Context, Evidence, Inbox, NewAlert, dip_alert, spike_alert
from analytics.inbox.routing import Facts, facts_of, routed, with_team
from analytics.settings import Settings, load_settings
from analytics.text.lexicons import Lexicons, load_lexicons
from jobs.alert_evidence import Incidents, incidents_of
from jobs.command import run_command
from jobs.run_log import recorded
from jobs.topic_decisions import decided_of
from jobs.window import Window

FRESH = dt.timedelta(days=2)
"""What began longer ago is no news when a nightly run finds it. Our choice: yesterday, and a night's delay."""


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
        With `send`, only those that began at this moment or later; all if not given.
    now : datetime, optional
        The clock.

    Returns
    -------
    dict of str to int
        `alerts` of these days, how many of them are `new`, how many were `withdrawn`.
    """
    at = now or dt.datetime.now(dt.UTC)
    window = Window(first_day, last_day)
    with recorded("alert", window, settings.lake) as counts:
        with incidents_of(settings.lake, first_day, last_day) as incidents:
            found, ways = _addressed(_alerts(incidents, settings), settings)
        inbox = Inbox(settings.inbox_url)
        try:
            new = inbox.raise_alerts(
                found, now=at, send=send, ways=lambda alert: ways[alert.alert_id], not_before=not_before
            )
            since, until = _bounds(window, settings.timezone)
            withdrawn = inbox.withdraw({alert.alert_id for alert in found}, since=since, until=until)
        finally:
            inbox.close()
        counts.rows_in, counts.rows_out = len(found), len(found)
    return {"alerts": len(found), "new": len(new), "withdrawn": withdrawn}


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
    context = Context(settings.notify.dashboard_url, settings.timezone, labels, incidents.births())
    dips = incidents.dips()
    lexicons = load_lexicons(settings.lexicons, settings.text.user_words)
    found: list[tuple[NewAlert, Facts]] = []
    told: set[str] = set()
    for spike in incidents.spikes():
        falls = _falls(spike, dips)
        told |= {fall["dip_id"] for fall in falls}
        evidence = _evidence(incidents, spike, topics, lexicons)
        alert = dip_alert(falls[0], evidence, context, spike=spike) if falls else spike_alert(spike, evidence, context)
        found.append((alert, facts_of(alert, evidence, labels, spike["related"] or ())))
    for dip in dips:
        if dip["dip_id"] not in told:
            evidence = incidents.evidence(dip["contact_ids"] or ())
            alert = dip_alert(dip, evidence, context)
            found.append((alert, facts_of(alert, evidence, labels)))
    return found


def _addressed(
    found: Sequence[tuple[NewAlert, Facts]], settings: Settings
) -> tuple[list[NewAlert], dict[str, tuple[str, ...]]]:
    """Return the alerts, each with the team that looks after it, and the ways of each by alert_id."""
    routes = {alert.alert_id: routed(facts, settings.notify) for alert, facts in found}
    alerts = [with_team(alert, routes[alert.alert_id].teams) for alert, _ in found]
    return alerts, {alert_id: route.ways for alert_id, route in routes.items()}


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
