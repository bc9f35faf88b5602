"""Who gets an alert: over which ways it goes, and which team looks after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from analytics.inbox.evidence import Evidence
from analytics.inbox.records import NewAlert
from analytics.names import SEVERITY_NAMES, channel_name
from analytics.notify_settings import CONSOLE, NotifySettings, RouteSettings
from analytics.schema import ALL

MAIN_SHARE = 0.3
"""Share of an incident's contacts that makes a value one of the incident's. Our choice: an incident may be two
products' or three channels', and one that is spread over ten is nobody's."""


@dataclass(frozen=True)
class Facts:
    """What routes look at; each holds ids and Chinese names alike."""

    kind: frozenset[str] = frozenset()
    topic: frozenset[str] = frozenset()
    touchpoint: frozenset[str] = frozenset()
    product: frozenset[str] = frozenset()
    channel: frozenset[str] = frozenset()
    severity: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Routed:
    """Ways that an alert goes, the console first, and the teams that look after it."""

    ways: tuple[str, ...]
    teams: tuple[str, ...] = ()


def facts_of(alert: NewAlert, evidence: Evidence, labels: Mapping[str, str], related: Iterable[str] = ()) -> Facts:
    """Return what is known of an alert.

    Parameters
    ----------
    evidence : Evidence
        Counts of its contacts; values that at least `MAIN_SHARE` of them have are the alert's.
    labels : mapping of str to str
        Name of each topic, by topic_id.
    related : iterable of str
        What rose with it; topics among it count.
    """
    n = alert.n_contacts or sum(evidence.channels.values())
    keys = [key for key in (alert.key, *related) if alert.kind == "topic" or key in labels]
    channels = [alert.channel] if alert.channel != ALL else _main(evidence.channels, n)
    return Facts(
        kind=frozenset({alert.kind}),
        topic=frozenset(keys) | {labels[key] for key in keys if key in labels},
        touchpoint=frozenset(_main(evidence.touchpoints, n)),
        product=frozenset(_main(evidence.products, n)) | _own_product(alert),
        channel=frozenset(channels) | {channel_name(name) for name in channels},
        severity=frozenset({alert.severity, SEVERITY_NAMES.get(alert.severity, alert.severity)}),
    )


def routed(facts: Facts, notify: NotifySettings) -> Routed:
    """Return where an alert goes: over the ways of all routes that fit, over all ways if none does.

    The console is always among them.

    Examples
    --------
    >>> from analytics.notify_settings import NotifySettings
    >>> routed(Facts(), NotifySettings()).ways
    ('console',)
    """
    fitting = [route for route in notify.routes if fits(route, facts)]
    everywhere = tuple(notify.all_channels)
    wanted = {name for route in fitting for name in route.channels or everywhere} if fitting else set(everywhere)
    ways = tuple(name for name in everywhere if name in wanted or name == CONSOLE)
    return Routed(ways, tuple(dict.fromkeys(route.team for route in fitting if route.team)))


def fits(route: RouteSettings, facts: Facts) -> bool:
    """Return whether each part that the route gives has a name the alert has.

    Examples
    --------
    >>> facts = Facts(topic=frozenset({"t01", "物流停滞"}), severity=frozenset({"high", "高"}))
    >>> fits(RouteSettings(topic="物流*", severity=["high", "medium"]), facts), fits(RouteSettings(product="*"), facts)
    (True, False)
    """
    return all(
        not (patterns := getattr(route, part)) or _any(patterns, getattr(facts, part))
        for part in Facts.__dataclass_fields__
    )


def with_team(alert: NewAlert, teams: Sequence[str]) -> NewAlert:
    """Return an alert whose message says who looks after it."""
    if not teams:
        return alert
    *lines, link = alert.body.split("\n")
    at = next((number for number, line in enumerate(lines) if line == "原声："), len(lines))
    return replace(alert, body="\n".join([*lines[:at], f"负责：{'、'.join(teams)}", *lines[at:], link]))


def _own_product(alert: NewAlert) -> frozenset[str]:
    """Return the product that an alert is counted in; of kinds counted in places, "*" is everywhere."""
    in_place = alert.kind in ("volume", "negative") and alert.channel == ALL and alert.key != ALL
    return frozenset({alert.key} if in_place else ())


def _main(counts: Mapping[str, int], n: int) -> list[str]:
    return [name for name, count in sorted(counts.items()) if n and count >= MAIN_SHARE * n]


def _any(patterns: Iterable[str], names: Iterable[str]) -> bool:
    found = list(names)
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in found)
