"""What the customers of a topic say: its typical words and phrases with their contacts, and what is said more now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import pandas as pd

from dashboards.data.share_changes import COLUMNS, changes
from dashboards.data.source import Source
from dashboards.selection import Selection

SPANS_DAYS = (28, 14, 7)
"""Days of text that are read: whole weeks, so that both periods have the same weekdays; the first of these that fits
the filters and is not too much. A year of turns takes longer than a reader waits."""
MAX_CONTACTS = 20_000
"""Contacts of the topic whose text is read; a larger topic is read over fewer days."""
MAX_READ = 200_000
"""Contacts of all topics on the days that are read: turns lie by day, and all of a day are read to find a topic's."""
N_PHRASES = 12
_MIN_CONTACTS = 3
"""Contacts that say a phrase; what one or two say in the same words is no way of speaking."""
_CLAUSE_LENGTH = (4, 12)
_SAID = """
WITH mine AS (SELECT contact_id, day FROM contact WHERE {where})
SELECT contact_id, mine.day AS day, lower(text_simplified) AS text FROM utterance JOIN mine USING (contact_id)
WHERE speaker = 'customer' AND utterance.day BETWEEN $first AND $last
"""
_CLAUSES = """
SELECT clause, count(DISTINCT contact_id) AS n
FROM (
    SELECT contact_id, unnest(string_split_regex(text, '[^\\p{Han}A-Za-z]+')) AS clause FROM said WHERE day >= $since
)
WHERE length(clause) BETWEEN $shortest AND $longest GROUP BY 1 HAVING n >= $least ORDER BY n DESC, clause LIMIT $most
"""
_COUNTS = """
SELECT word AS key, day, count(DISTINCT contact_id) AS k FROM said, (SELECT unnest($words::VARCHAR[]) AS word)
WHERE contains(text, word) GROUP BY 1, 2 ORDER BY 1, 2
"""
_PER_DAY = """
WITH own AS (SELECT day, count(*) AS n FROM contact WHERE {where} GROUP BY 1)
SELECT day, n, n_all FROM own JOIN (SELECT day, count(*) AS n_all FROM contact GROUP BY 1) USING (day) ORDER BY 1
"""
_HEARD = """
SELECT lower(word) AS word, sum(n_contacts) AS n FROM word WHERE day BETWEEN $since AND $last
GROUP BY 1 ORDER BY n DESC, 1 LIMIT 50
"""
_KEYWORDS = """
SELECT lower(keyword) AS word, sum(n_contacts) AS n FROM keyword_hour
WHERE day BETWEEN $since AND $last AND length(keyword) > 1 GROUP BY 1 ORDER BY n DESC, 1 LIMIT 100
"""


@dataclass(frozen=True)
class Words:
    """What is said in a topic.

    Attributes
    ----------
    since, until : date or None
        Days counted; None in data without days. They are the last of the filters (`SPANS_DAYS`).
    n : int
        Contacts of the topic on these days.
    rows : DataFrame
        word, kind (word: typical of the topic; phrase: a clause that several say as it stands; other: a frequent or new
        word of all contacts), n (contacts that say it), n_before, share (of the topic's), and what
        `share_changes.changes` says of it against as many days before; most contacts first.
    """

    since: dt.date | None
    until: dt.date | None
    n: int
    rows: pd.DataFrame

    @property
    def grown(self) -> pd.DataFrame:
        """What is surely said by a larger share than before, the largest growth first."""
        found = self.rows[(self.rows["verdict"] == "significant") & (self.rows["change"] > 0)]
        return found.sort_values(["change", "word"], ascending=[False, True], ignore_index=True)

    def of(self, kind: str) -> pd.DataFrame:
        """Return the rows of one kind."""
        return self.rows[self.rows["kind"] == kind].reset_index(drop=True)


def topic_words(source: Source, selection: Selection, topic_id: str, typical: Sequence[str]) -> Words:
    """Return what the contacts of a topic say.

    Parameters
    ----------
    selection : Selection
        The page's contacts.
    typical : sequence of str
        The topic's own words (`dashboards.data.topics.known`), best first.
    """
    mine = selection.narrowed(topic=topic_id)
    per_day = source.over(mine, _PER_DAY)
    span = _span(per_day, selection)
    if per_day.empty or span is None:
        return Words(None, None, 0, _no_rows())
    since, until, n_days = span
    first = since - dt.timedelta(days=n_days)
    reaching = replace(mine, filters=replace(mine.filters, start=first, end=until))
    days = source.over(reaching, "SELECT day, count(*) AS n FROM contact WHERE {where} GROUP BY 1 ORDER BY 1")
    days = days.assign(day=pd.to_datetime(days["day"]))
    said = source.over(reaching, _SAID, first=first, last=until)
    kinds = _candidates(source, said, (since, until), [word.lower() for word in typical])
    counted = _asked(said, _COUNTS, words=list(kinds))
    counted = counted.assign(day=pd.to_datetime(counted["day"]))
    n = int(days.loc[days["day"] >= pd.Timestamp(since), "n"].sum())
    return Words(since, until, n, _tested(counted, days, kinds, pd.Timestamp(since)))


def _tested(counted: pd.DataFrame, days: pd.DataFrame, kinds: dict[str, str], since: pd.Timestamp) -> pd.DataFrame:
    words = sorted(set(counted["key"]))
    if not words:
        return _no_rows()
    grid = pd.MultiIndex.from_product([words, days["day"]], names=["key", "day"]).to_frame(index=False)
    rows = grid.merge(counted, on=["key", "day"], how="left").fillna({"k": 0}).merge(days, on="day")
    rows = rows.assign(is_now=rows["day"] >= since)
    sums = rows.groupby(["key", "is_now"])["k"].sum().unstack(fill_value=0).reindex(columns=[False, True], fill_value=0)
    n = int(days.loc[days["day"] >= since, "n"].sum())
    found = pd.DataFrame(
        {"key": sums.index, "n": sums[True].astype(int).to_numpy(), "n_before": sums[False].astype(int).to_numpy()}
    ).assign(share=lambda f: f["n"] / max(n, 1))
    found = found.merge(changes(rows), on="key").rename(columns={"key": "word"})
    found = found[found["n"] > 0].assign(kind=lambda f: f["word"].map(kinds))
    return found.sort_values(["n", "word"], ascending=[False, True], ignore_index=True)


def _asked(said: pd.DataFrame, sql: str, **values: object) -> pd.DataFrame:
    """Run `sql` over the frame `said` alone: its texts are read from disk once, and asked twice."""
    with duckdb.connect(":memory:") as connection:
        connection.register("said", said)
        found: pd.DataFrame = connection.execute(sql, values).df()
    return found


def _candidates(
    source: Source, said: pd.DataFrame, days: tuple[dt.date, dt.date], typical: list[str]
) -> dict[str, str]:
    """Return what is counted, and of which kind it is; a phrase that is a typical word is one."""
    since, last = days
    shortest, longest = _CLAUSE_LENGTH
    clauses = _asked(
        said, _CLAUSES, since=since, shortest=shortest, longest=longest, least=_MIN_CONTACTS, most=N_PHRASES
    )
    others = [source.rows(sql, since=since, last=last)["word"] for sql in (_HEARD, _KEYWORDS)]
    found = {str(word): "other" for words in others for word in words}
    found |= {str(clause): "phrase" for clause in clauses["clause"]}
    return found | dict.fromkeys(typical, "word")


def _span(per_day: pd.DataFrame, selection: Selection) -> tuple[dt.date, dt.date, int] | None:
    """Return the first and last day whose text is read, and how many they are; None in data without days."""
    start, end = selection.filters.start, selection.filters.end
    if start is None or end is None:
        return None
    length, days = (end - start).days + 1, pd.to_datetime(per_day["day"])
    for n_days in SPANS_DAYS:
        since = end - dt.timedelta(days=n_days - 1)
        rows = per_day[days >= pd.Timestamp(since)]
        if n_days <= length and rows["n"].sum() <= MAX_CONTACTS and rows["n_all"].sum() <= MAX_READ:
            return since, end, n_days
    n_days = min(length, SPANS_DAYS[-1])
    return end - dt.timedelta(days=n_days - 1), end, n_days


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=["word", "kind", "n", "n_before", "share", *COLUMNS])
