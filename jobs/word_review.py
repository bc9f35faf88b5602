"""What `kesheng words …` does: read found words from the lake, keep decisions, say how to reprocess."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from analytics.errors import ConfigError
from analytics.settings import Settings, load_settings
from analytics.text.lexicons import Lexicons, load_lexicons
from analytics.text.review import ACCEPTED, REJECTED, Decision, Decisions, decide, read_decisions
from analytics.warehouse import lake_files, select_sql
from jobs.window import Window

_TABLES = ("word", "keyword_hour")
_COLUMNS = ("word", "day", "contacts", "usual", "p", "channels", "decision")
_QUERY = """
WITH first AS (SELECT *, min(day) OVER (PARTITION BY word) = day AS is_first FROM word),
said AS (
  SELECT day, keyword AS word, channel, sum(n_contacts) AS n FROM keyword_hour
  WHERE keyword IN (SELECT word FROM word) GROUP BY ALL
)
SELECT word, f.day, f.n_contacts, f.usual, f.p_value,
  (SELECT list((channel, n) ORDER BY n DESC, channel) FROM said WHERE said.word = f.word AND said.day = f.day)
FROM first f WHERE CASE WHEN $day::DATE IS NULL THEN is_first ELSE f.day = $day::DATE END
ORDER BY f.day DESC, f.n_contacts DESC, word
"""
SENSITIVE = "敏感"


def listed(day: str | None, *, everything: bool = False) -> str:
    """Return found words as lines parted by tabs, newest day first; without `everything` only those undecided.

    No sentence of a customer is in it: the term, its counts, and which channels it came by.

    Raises
    ------
    ConfigError
        If the day is no day.
    """
    settings = load_settings()
    of_day = None if day is None else Window.parse(day).first
    decisions = read_decisions(settings.lexicons)
    lexicons = load_lexicons(settings.lexicons, settings.text.user_words)
    rows = [row for row in _rows(settings, of_day) if everything or row[0] not in decisions]
    lines = ["\t".join(_fields(row, decisions, lexicons)) for row in rows]
    return "\n".join(["\t".join(_COLUMNS), *lines])


def accepted(words: Sequence[str], by: str | None) -> str:
    """Take words into the site's word list; return what was done and what to do next.

    Raises
    ------
    ConfigError
        If a word was never found, or cannot stand in a word list; then nothing is written.
    """
    settings = load_settings()
    _check_found(settings, words)
    changed = decide(settings.lexicons, words, _decision(settings, ACCEPTED, by))
    if not changed:
        return "这些词已经在词典里，没有改动"
    return f"已加入词典：{'、'.join(changed)}（{settings.lexicons}）\n重新处理已有的日子：kesheng run --stale"


def rejected(words: Sequence[str], by: str | None) -> str:
    """Refuse words; return what was done.

    Raises
    ------
    ConfigError
        If a word was never found; then nothing is written.
    """
    settings = load_settings()
    _check_found(settings, words)
    was_accepted = {word for word, made in read_decisions(settings.lexicons).items() if made.decision == ACCEPTED}
    changed = decide(settings.lexicons, words, _decision(settings, REJECTED, by))
    if not changed:
        return "这些词早已拒绝，没有改动"
    said = f"已拒绝，不再提出：{'、'.join(changed)}"
    return f"{said}\n重新处理已有的日子：kesheng run --stale" if was_accepted & set(changed) else said


def _decision(settings: Settings, decision: Any, by: str | None) -> Decision:
    today = dt.datetime.now(ZoneInfo(settings.timezone)).date()
    return Decision(decision, today, " ".join((by or getpass.getuser()).split()))


def _check_found(settings: Settings, words: Sequence[str]) -> None:
    known = {str(row[0]) for row in _rows(settings, None)} | set(read_decisions(settings.lexicons))
    unknown = [word for word in words if word not in known]
    if unknown:
        raise ConfigError(
            f"words: {len(unknown)} of {len(words)} were never found by discover (the first: {unknown[0]!r});"
            f" `kesheng words list` shows what was; a word of your own goes into {settings.lexicons / 'domain.txt'}"
        )


def _rows(settings: Settings, day: dt.date | None) -> list[tuple[Any, ...]]:
    with duckdb.connect() as lake:
        lake.execute("SET TimeZone = 'UTC'")
        for table in _TABLES:
            lake.execute(f"CREATE VIEW {table} AS {select_sql(table, lake_files(settings.lake, table))}")
        found: list[tuple[Any, ...]] = lake.execute(_QUERY, {"day": day}).fetchall()
    return found


def _fields(row: tuple[Any, ...], decisions: Decisions, lexicons: Lexicons) -> list[str]:
    word, day, n_contacts, usual, p_value, channels = row
    total = sum(n for _, n in channels or [])
    shares = " ".join(f"{channel} {n / total:.0%}" for channel, n in channels or [])
    decision = decisions[word].decision if word in decisions else ""
    marks = [mark for mark in (decision, SENSITIVE if lexicons.is_sensitive(word) else "") if mark]
    known = (f"{usual:.1f}", f"{p_value:.1e}") if usual is not None and p_value is not None else ("", "")
    return [word, str(day), str(n_contacts), *known, shares, " ".join(marks)]
