"""Contacts through the rules: where each meets which category, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import SchemaError
from analytics.rules.load import Ruleset
from analytics.rules.matcher import Evidence, Matcher, Scan, matcher_of
from analytics.rules.model import Category
from analytics.rules.original import OriginalText

READ = (
    "contact_id",
    "turn",
    "speaker",
    "text",
    "text_simplified",
    "kind",
    "channel",
    "sentiment_score",
    "sentiment_label",
)
"""Columns that `categorise` reads."""
FOUND = ("contact_id", "category", "turn", "start", "stop", "confidence")
"""Columns that it gives."""

_Row = Any
"""One turn as a named tuple of `READ`: the type of a field is that of its column, which no annotation can say."""
_Hit = tuple[str, str, int, int, int, float]


def categorise(turns: pd.DataFrame, rules: Ruleset, matcher: Matcher | None = None) -> pd.DataFrame:
    """Return where the contacts meet the rules.

    A text that comes twice is read once. A contact must be there with all its turns: rules over a contact and over
    first and last turns look at all of them. First and last count the turns of one speaker.

    Parameters
    ----------
    turns : DataFrame
        `READ`: text as written (masked), text_simplified as normalised; score and label null where a turn has no mood.
        Read only; the order of rows does not matter.
    rules : Ruleset
        Of `load_rules`.
    matcher : Matcher, optional
        The rules compiled, as `matcher_of` does; give one that knows words for rules that count tokens.

    Returns
    -------
    DataFrame
        `FOUND`, in order of contact, category, turn and start; start and stop count characters of `text`, and evidence
        of one category never overlaps. Confidence is 0 to 1, and 1 for a category that asks for none.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    missing = [name for name in READ if name not in turns.columns]
    if missing:
        raise SchemaError(f"categorise: expected columns {', '.join(READ)}, missing {', '.join(missing)}")
    matcher = matcher or matcher_of(rules)
    reading = _Reading(turns, matcher)
    found: list[_Hit] = [*reading.of_turns(), *reading.of_contacts()]
    frame = pd.DataFrame(found, columns=list(FOUND)).astype({"turn": "int64", "start": "int64", "stop": "int64"})
    return frame.sort_values(["contact_id", "category", "turn", "start"], ignore_index=True)


class _Reading:
    """Turns with each different text read once."""

    def __init__(self, turns: pd.DataFrame, matcher: Matcher) -> None:
        self._matcher = matcher
        self._categories = matcher.rules.categories
        self._turns = turns
        self._codes, self._texts = pd.factorize(turns["text_simplified"].fillna(""))
        self._places = _places(turns) if any(category.turns for category in self._categories) else None
        self._scans: dict[int, Scan] = {}
        self._wide: set[int] = set()
        self._evidence: dict[int, list[tuple[Category, list[Evidence]]]] = {}
        for code, text in enumerate(self._texts):
            self._read(code, text)

    def _read(self, code: int, text: str) -> None:
        scan = self._matcher.scan(text)
        found = []
        for number in self._matcher.woken(scan):
            if self._categories[number].scope == "contact":
                self._scans[code] = scan
                self._wide.add(code)
            elif evidence := self._matcher.evidence(number, [scan]):
                found.append((self._categories[number], evidence))
        if found:
            self._evidence[code] = found

    def of_turns(self) -> Iterator[_Hit]:
        """Yield what rules over single turns find."""
        rows = np.flatnonzero(np.isin(self._codes, list(self._evidence)))
        for row, at in zip(self._turns.iloc[rows].itertuples(index=False), rows.tolist(), strict=True):
            for category, evidence in self._evidence[int(self._codes[at])]:
                if self._allows(category, row, at):
                    yield from self._hits(category, evidence, [row])

    def of_contacts(self) -> Iterator[_Hit]:
        """Yield what rules over whole contacts find."""
        wide = [number for number, category in enumerate(self._categories) if category.scope == "contact"]
        if not self._wide:
            return
        ids = self._turns["contact_id"].iloc[np.flatnonzero(np.isin(self._codes, list(self._wide)))].unique()
        at = np.flatnonzero(self._turns["contact_id"].isin(ids))
        chosen = self._turns.iloc[at].assign(place=at).sort_values(["contact_id", "turn"], kind="stable")
        for _, contact in chosen.groupby("contact_id", sort=True):
            rows: list[_Row] = list(contact.itertuples(index=False))
            for number in wide:
                category = self._categories[number]
                own = [row for row in rows if self._allows(category, row, row.place)]
                scans = [self._scan_of(int(self._codes[row.place])) for row in own]
                yield from self._hits(category, self._matcher.evidence(number, scans), own)

    def _scan_of(self, code: int) -> Scan:
        if code not in self._scans:
            self._scans[code] = self._matcher.scan(self._texts[code])
        return self._scans[code]

    def _allows(self, category: Category, row: _Row, at: int) -> bool:
        """Return whether a turn is one that the category reads."""
        speaker, kind, channel = row.speaker, row.kind, row.channel
        if speaker not in category.speakers or (category.kinds and kind not in category.kinds):
            return False
        if category.channels and channel not in category.channels:
            return False
        if category.turns is not None and self._places is not None:
            from_first, from_last = self._places[0][at], self._places[1][at]
            first, last = category.turns.first, category.turns.last
            if (first is not None and from_first >= first) or (last is not None and from_last >= last):
                return False
        return category.allows_score(*_mood(row))

    def _hits(self, category: Category, evidence: list[Evidence], rows: Sequence[_Row]) -> Iterator[_Hit]:
        least = category.confidence.least if category.confidence else 0.0
        taken: set[tuple[int, int]] = set()
        for one in evidence:
            row = rows[one.turn]
            confidence = one.confidence(category, _mood(row)[0])
            if confidence < least:
                continue
            simplified = row.text_simplified
            text = row.text if isinstance(row.text, str) else simplified
            start, stop = OriginalText(text, simplified).span(one.start, one.stop)
            if (one.turn, start) not in taken:  # two pieces may stand for one character of the original
                taken.add((one.turn, start))
                yield row.contact_id, category.name, row.turn, start, stop, confidence


def _mood(row: _Row) -> tuple[float | None, str | None]:
    score, label = row.sentiment_score, row.sentiment_label
    known = score is not None and score == score  # NaN is no score
    return (float(score) if known else None), (label if isinstance(label, str) else None)


def _places(turns: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return for each row how many turns of its speaker come before it in the contact, and how many after."""
    order = turns.reset_index(drop=True).sort_values(["contact_id", "turn"], kind="stable")
    groups = order.groupby(["contact_id", "speaker"], sort=False, dropna=False)
    before = groups.cumcount().sort_index().to_numpy()
    after = groups.cumcount(ascending=False).sort_index().to_numpy()
    return before, after
