"""When a recording began, read from the name that the telephone system gave it."""

from __future__ import annotations

import re

from analytics.text.redact import redact

_MIN_DIGITS = 4
_NAMED = re.compile(
    r"""(?<!\d)(?P<year>20\d\d)(?P<sep>[-_./年]?)(?P<month>[01]\d)[-_./月]?(?P<day>[0-3]\d)日?
    (?:[-_T\s]?(?P<hour>[0-2]\d)[-_:时.]?(?P<minute>[0-5]\d)(?:[-_:分.]?(?P<second>[0-5]\d))?秒?)?
    (?P<zone>Z|_?UTC)?(?!\d)""",
    re.VERBOSE,
)


def time_in_name(name: str) -> str | None:
    """Return the last date, with its time of day where there is one, that a file's or job's name holds.

    Parameters
    ----------
    name : str
        Name or path, as 0755-95511_20260301_101530.json, call_2026-03-01T02:15:30Z, 2026年03月01日10时15分.

    Returns
    -------
    str or None
        A cell for `parse_times`, with Z where the name says UTC; None where no date is told.

    Examples
    --------
    >>> time_in_name("2026/03/01/8001_20260301_101530.json"), time_in_name("b_analysis_2026-03-01T02:15:30Z.json")
    ('2026-03-01 10:15:30', '2026-03-01 02:15:30Z')
    >>> time_in_name("c_20260301T10:15_UTC.wav"), time_in_name("13800138000.json")
    ('2026-03-01 10:15:00Z', None)
    """
    found = list(_NAMED.finditer(name))
    timed = [match for match in found if match["hour"]] or found
    if not timed:
        return None
    last = timed[-1]
    day = f"{last['year']}-{last['month']}-{last['day']}"
    if not last["hour"]:
        return day
    return f"{day} {last['hour']}:{last['minute']}:{last['second'] or '00'}{'Z' if last['zone'] else ''}"


def id_in_name(stem: str) -> str | None:
    """Return a recording's name as the id of its call; None where it would not tell two calls apart, or tells of whom.

    Besides its time a name must hold at least four digits: "result" and "call_20260301_101530" are no ids. One with a
    customer's number in it is none that may be shown.

    Examples
    --------
    >>> id_in_name("8001-4471_20260301_101530"), id_in_name("result"), id_in_name("20260301_101530")
    ('8001-4471_20260301_101530', None, None)
    >>> id_in_name("13800138000_20260301_101530") is None
    True
    """
    besides = _NAMED.sub(" ", stem)
    if len(re.findall(r"\d", besides)) < _MIN_DIGITS or redact(besides) != besides:
        return None
    return stem
