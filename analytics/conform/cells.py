"""Columns of a table by role, cleaned, and the reasons for which its rows are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.conform.counts import parse_counts
from analytics.conform.missing import spread
from analytics.conform.outcome import REASONS, Refused, hash_of
from analytics.conform.ratings import parse_ratings
from analytics.conform.safe_ids import safe_ids
from analytics.conform.speakers import read_channels
from analytics.conform.spec import SourceSpec
from analytics.conform.times import parse_times
from analytics.conform.wording import clean_text, clean_value, mask
from analytics.conform.work_orders import read_statuses
from analytics.schema import ID_KINDS

_IDS = frozenset({"id", "contact", "agent"})
_NAMES = frozenset({"team", "product", "category", "status", "tier", "channel"})


@dataclass(frozen=True)
class RoleCells:
    """The cells of a table by role; a role without a column is all None, NaT for times."""

    frame: pd.DataFrame
    spec: SourceSpec

    def has(self, role: str) -> bool:
        """Return whether a column has the role."""
        return role in self.spec.columns

    @property
    def keeps_last(self) -> bool:
        """Return whether of rows of one id the newest stays, not the first."""
        return self.spec.keeps_last or self.has("version") or self.has("deleted")

    def values(self, role: str) -> pd.Series[str]:
        """Return ids or names as they may be kept; identifiers of customers as received, to be hashed."""
        # What repeats from row to row is cleaned once.
        codes, unique = pd.factorize(self._raw(role))
        cells = clean_value(pd.Series(unique, dtype=object))
        if role in _IDS:
            cells = safe_ids(cells, self.spec.person_key)
        elif role in _NAMES:
            cells = mask(cells)
        return pd.Series(spread(cells.tolist(), codes), index=self.frame.index, dtype=object)

    def texts(self, role: str) -> pd.Series[str]:
        """Return what people wrote."""
        return clean_text(self._raw(role))

    def times(self, role: str) -> pd.Series[pd.Timestamp]:
        """Return instants."""
        return parse_times(self._raw(role), self.spec.zone)

    def head_values(self) -> dict[str, pd.Series[str]]:
        """Return the columns of a contact's head that are taken from cells as they are, the status in known words."""
        found = {column: self.values(role) for column, role in HEAD_VALUES.items()}
        return {**found, "status": read_statuses(found["status"])}

    def figures(self) -> dict[str, pd.Series]:
        """Return the columns of a contact's head that are numbers."""
        return {
            "rating": parse_ratings(self.values("rating")),
            "n_transfers": parse_counts(self.values("transfers")),
        }

    def _raw(self, role: str) -> pd.Series[str]:
        if not self.has(role):
            return pd.Series(None, index=self.frame.index, dtype=object)
        return self.frame[self.spec.columns[role]]

    def contacts(
        self, ids: pd.Series[str], times: pd.Series[pd.Timestamp], title: pd.Series[str], positions: np.ndarray
    ) -> pd.DataFrame:
        """Return what the rows say of their contacts, one row each, given what had to be read and checked before."""
        return pd.DataFrame(
            {
                "contact_id": ids,
                "channel": read_channels(self.values("channel"), self.spec.default_channel),
                **self.head_values(),
                "started_at": times,
                "ended_at": self.times("ended"),
                "due_at": self.times("due"),
                "n_reopened": None,
                **self.figures(),
                "title": title,
                "position": positions,
            }
        )


HEAD_VALUES = {
    "agent_id": "agent",
    **{name: name for name in ("team", "product", "category", "status", "tier", *ID_KINDS)},
}
"""Column of a contact's head → role of the cells it is taken from as they are."""


def first_reasons(n_rows: int, faults: Mapping[str, pd.Series[bool]]) -> pd.Series[str]:
    """Return for each row the first reason, in the order of `REASONS`, for which it is refused; None if for none.

    Examples
    --------
    >>> first_reasons(2, {"bad_time": pd.Series([True, True]), "no_text": pd.Series([True, False])}).tolist()
    ['no_text', 'bad_time']
    """
    reasons = np.full(n_rows, None, dtype=object)
    for reason in reversed(REASONS):
        if reason in faults:
            reasons[faults[reason].to_numpy(dtype=bool)] = reason
    return pd.Series(reasons, dtype=object)


def repeated(ids: pd.Series[str], usable: pd.Series[bool], version: pd.Series[float] | None = None) -> pd.Series[bool]:
    """Return which usable rows have the id of a usable row that goes before them.

    That is the first row; with `version` the one of the highest version, of equal ones (or of none) the last.

    Examples
    --------
    >>> ids, usable = pd.Series(["a", "a", "b"]), pd.Series([True, True, True])
    >>> repeated(ids, usable).tolist(), repeated(ids, usable, pd.Series([2.0, 1.0, float("nan")])).tolist()
    ([False, True, False], [False, True, False])
    """
    counted = ids.where(usable)
    if version is None:
        return counted.notna() & counted.duplicated()
    order = version.sort_values(kind="stable", na_position="first").index
    return counted.notna() & counted.loc[order].duplicated(keep="last").reindex(ids.index)


def refuse(frame: pd.DataFrame, positions: np.ndarray, reasons: pd.Series[str]) -> list[Refused]:
    """Return the refused rows with position, reason and hash of their cells."""
    rows = np.flatnonzero(reasons.notna())
    cells: Iterable[tuple[str | None, ...]] = frame.iloc[rows].itertuples(index=False, name=None)
    return [
        Refused(int(positions[row]), reasons.iloc[row], hash_of(*values))
        for row, values in zip(rows, cells, strict=True)
    ]


def contact_ids(ids: pd.Series[str], positions: np.ndarray, spec: SourceSpec) -> pd.Series[str]:
    """Return ids of contacts: the source's own, prefixed if so specified, or made of the row where it gives none.

    Where some rows have an id and some none, "row" keeps the id of row 3 apart from the source's own id 3.

    Examples
    --------
    >>> spec = SourceSpec("mi", "review")
    >>> contact_ids(pd.Series(["3", None]), np.array([2, 3]), spec).tolist()
    ['mi-3', 'mi-row3']
    >>> contact_ids(pd.Series([None, None], dtype=object), np.array([2, 3]), spec).tolist()
    ['mi-2', 'mi-3']
    """
    ids = safe_ids(ids, spec.person_key)
    given = spec.source + "-" + ids if spec.prefix_ids else ids
    before = f"{spec.row_prefix}-row" if ids.notna().any() else f"{spec.row_prefix}-"
    numbered = pd.Series([f"{before}{position}" for position in positions], index=ids.index, dtype=object)
    return given.where(ids.notna(), numbered).astype(object)
