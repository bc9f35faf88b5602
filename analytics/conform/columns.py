"""Find out which column of a table holds what: by the header's names, then by what the cells look like."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analytics.conform.counts import parse_counts
from analytics.conform.header_names import name_rank, role_inside
from analytics.conform.ratings import parse_ratings
from analytics.conform.spec import ROLES, refuse_unknown_roles
from analytics.conform.times import parse_times
from analytics.conform.work_orders import read_courses, read_statuses
from analytics.errors import SchemaError

_SAMPLE_ROWS = 2_000
_HAN = "[\u3400-\u9fff]"
_PLAIN_ID = r"[A-Za-z0-9_\-]{4,64}"
_MIN_SHARE = 0.5
"""Share of a column's cells that must bear out what its name says, where cells can."""

_OF_RECORD = ("version", "deleted")
"""Roles that say something of the record, not of the contact."""


def resolve_columns(frame: pd.DataFrame, columns: Mapping[str, str | int]) -> dict[str, str]:
    """Return role → column for columns given by name or by number from 1.

    A number counts all columns of the file, those without a name too. Digits are a name first, then a number.

    Raises
    ------
    SchemaError
        If a role is unknown, or a column is not there.

    Examples
    --------
    >>> resolve_columns(pd.DataFrame(columns=["编号", "内容"]), {"id": "编号", "text": 2})
    {'id': '编号', 'text': '内容'}
    """
    refuse_unknown_roles(columns, "columns")
    return {role: _column(frame, role, column) for role, column in columns.items()}


def _column(frame: pd.DataFrame, role: str, column: str | int) -> str:
    names = [str(name) for name in frame.columns]
    if isinstance(column, str) and column in names:
        return column
    if str(column).isdigit() and 1 <= int(column) <= len(names):
        return names[int(column) - 1]
    raise SchemaError(f"{role}: there is no column {column!r}; the file has {len(names)}: {_listed(frame)}")


def _listed(frame: pd.DataFrame) -> str:
    names = [str(name) for name in frame.columns]
    names = [name for name in names if not name.isdigit() or frame[name].notna().any()] or names
    return ", ".join(names[:30]) + (", …" if len(names) > 30 else "")


def guess_columns(frame: pd.DataFrame, known: Mapping[str, str | int] | None = None) -> dict[str, str]:
    """Return role → column (roles: `ROLES`), guessed from names and cells; those of `known` are taken as they are.

    Names known for a role come first, then names that contain such a word, then, for text, time, rating and id, the
    looks of the cells. When a record was changed or deleted is told by well-known names only. Any other column of which
    no more than 5 % of the cells are filled is never guessed. A column of 0 and 1 only is a label, not a rating. A
    session id that never repeats is the contact's id: the rows are not messages.

    Parameters
    ----------
    frame : DataFrame of str and None
        As `jobs.sources.files.read_rows` returns it; the first 2,000 rows are looked at.
    known : mapping of str to str or int, optional
        Role → column by name or number from 1.

    Raises
    ------
    SchemaError
        If no column holds text, or a known one is not there.

    Examples
    --------
    >>> guess_columns(pd.DataFrame({"datetime": ["2020/6/8"], "label": ["1"], "desc": ["天窗异响"]}))
    {'time': 'datetime', 'text': 'desc'}
    """
    found = resolve_columns(frame, known or {})
    sample = frame.head(_SAMPLE_ROWS)
    filled = [str(name) for name in sample.columns if sample.empty or sample[name].notna().mean() > 0.05]
    for find in (_by_name, _by_part, _by_cells, _by_name_alone):
        for role in (role for role in ROLES if role not in found and role not in _OF_RECORD):
            free = [name for name in filled if name not in found.values()]
            column = find(sample, free, role)
            if column is not None:
                found[role] = column
    found |= _of_record(sample, found)
    if "text" not in found:
        raise SchemaError(f"no text column among: {_listed(frame)}; name it with --text COLUMN (name or number)")
    found = _without_repeats(sample, found, known or {})
    order = list(frame.columns)
    return {role: found[role] for role in sorted(found, key=lambda role: order.index(found[role]))}


def _of_record(sample: pd.DataFrame, found: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that say when a record was changed and whether it was deleted, however few cells are filled.

    They come last, since when it was changed may be all that is known of a record's time.
    """
    free = [str(name) for name in sample.columns if str(name) not in found.values() and sample[name].notna().any()]
    named = {role: _by_name(sample, free, role) for role in _OF_RECORD if role not in found}
    return {role: column for role, column in named.items() if column is not None}


def _by_name(sample: pd.DataFrame, free: list[str], role: str) -> str | None:
    ranks = {name: rank for name in free if (rank := name_rank(name, role)) is not None}
    fitting = [name for name in sorted(ranks, key=lambda name: ranks[name]) if _bears_out(sample[name], role)]
    return fitting[0] if fitting else None


def _by_part(sample: pd.DataFrame, free: list[str], role: str) -> str | None:
    fitting = [name for name in free if role_inside(name) == role and _bears_out(sample[name], role)]
    if role == "text" and len(fitting) > 1:
        scores = {name: _text_score(sample[name]) for name in fitting}
        return max(scores, key=lambda name: scores[name])
    return fitting[0] if fitting else None


def _by_cells(sample: pd.DataFrame, free: list[str], role: str) -> str | None:
    if role == "text":
        scores = {name: _text_score(sample[name]) for name in free}
        best = max(scores, key=lambda name: scores[name], default=None)
        return best if best is not None and scores[best] > 1.0 else None
    looks: dict[str, Callable[[pd.Series[str]], bool]] = {"time": _all_times, "rating": _stars, "id": _plain_ids}
    if role not in looks or len(sample) < 3:
        return None
    # Another role's name on it is a reason to leave a column alone: a unique phone number is no id.
    unnamed = [name for name in free if role_inside(name) in {None, role}]
    unnamed = [name for name in unnamed if not any(name_rank(name, other) is not None for other in ROLES)]
    return next((name for name in unnamed if looks[role](sample[name].dropna())), None)


def _by_name_alone(sample: pd.DataFrame, free: list[str], role: str) -> str | None:
    """Return a column called as text is, though its cells are few and short, when nothing else looks like text."""
    ranks = {name: rank for name in free if (rank := name_rank(name, role)) is not None and role == "text"}
    wordy = {name: rank for name, rank in ranks.items() if not _is_figures(sample[name].dropna())}
    return min(wordy, key=lambda name: wordy[name], default=None)


def _bears_out(cells: pd.Series[str], role: str) -> bool:
    """Return whether the cells can be what the name says."""
    held = cells.dropna()
    if held.empty:  # a file of which every row was refused: the names are all there is
        return True
    if role in {"time", "ended", "due"}:
        return bool(parse_times(held, "UTC").notna().mean() >= _MIN_SHARE)
    if role == "transfers":
        return bool(parse_counts(held).notna().mean() >= _MIN_SHARE)
    if role == "status":
        return bool(read_statuses(held).notna().mean() >= _MIN_SHARE)
    if role == "history":
        return bool(read_courses(held, "UTC").n_reopened.notna().mean() >= _MIN_SHARE)
    if role == "rating":
        return bool(parse_ratings(held).notna().mean() >= _MIN_SHARE) and not set(held.unique()) <= {"0", "1"}
    if role == "id":
        return held.nunique() >= 0.95 * len(held) and len(held) >= 0.9 * len(cells)
    if role == "text":
        # A column 评价 of 好评 and 差评 is no text, nor is one of numbers that is called comment.
        return bool((held.str.len() > 3).mean() >= 0.2) and not _is_figures(held)
    return True


def _is_figures(held: pd.Series[str]) -> bool:
    return bool(held.str.fullmatch(r"[\d.,:/\-\s]+").mean() > _MIN_SHARE)


def _text_score(cells: pd.Series[str]) -> float:
    """Return how much a column looks like what people write: long, different from row to row, Han or several words."""
    held = cells.dropna().str.strip()
    if held.empty or parse_times(held.head(200), "UTC").notna().mean() > _MIN_SHARE:
        return 0.0
    n_han = held.str.count(_HAN)
    wordy = ((n_han >= 2) | (held.str.count(r"[A-Za-z]{2,}\s") >= 2)).mean()
    letters = np.minimum(held.str.count(r"[^\W\d_]") / held.str.len().clip(lower=1), 1).mean()
    different = held.nunique() / len(held)
    return float(wordy * letters * different * np.log1p(held.str.len().mean()))


def _all_times(held: pd.Series[str]) -> bool:
    # Bare numbers may be anything; only a name makes them times.
    return bool(parse_times(held, "UTC").notna().mean() >= 0.9) and not bool(held.str.isdigit().mean() > _MIN_SHARE)


def _stars(held: pd.Series[str]) -> bool:
    values = parse_ratings(held)
    return bool(values.notna().mean() >= 0.95) and set(values.dropna()) <= {1, 2, 3, 4, 5} and values.nunique() >= 3


def _plain_ids(held: pd.Series[str]) -> bool:
    return len(held) >= 20 and held.is_unique and bool(held.str.fullmatch(_PLAIN_ID).all())


def _without_repeats(sample: pd.DataFrame, found: dict[str, str], known: Mapping[str, str | int]) -> dict[str, str]:
    """Take a session column that never repeats for the contact's id."""
    if "contact" in known or "contact" not in found or sample[found["contact"]].duplicated().any():
        return found
    rest = {role: column for role, column in found.items() if role not in {"contact", "speaker"} or role in known}
    return rest if "id" in rest else {**rest, "id": found["contact"]}
