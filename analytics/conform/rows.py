"""Conform a table: each row a contact (reviews, work orders), or each row a message of a session (chats)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.conform.assemble import TURN_COLUMNS, Parts, assemble
from analytics.conform.cells import RoleCells, contact_ids, first_reasons, refuse, repeated
from analytics.conform.messages import read_messages
from analytics.conform.outcome import Conformed, Refused
from analytics.conform.spec import SourceSpec
from analytics.conform.versions import gone_rows, is_deleted, versions
from analytics.conform.wording import repeats_start, split_answer
from analytics.conform.work_orders import read_courses
from analytics.errors import SchemaError


def conform_rows(
    frame: pd.DataFrame,
    positions: Sequence[int],
    spec: SourceSpec,
    *,
    file: str = "",
    refused: Sequence[Refused] = (),
) -> Conformed:
    """Return contacts, utterances and rejected rows of a table.

    With a `contact` column, or `gap_minutes`, each row is a message: rows in = utterances + rejected. Else each row is
    a contact: rows in = contacts + rejected. A contact's turns are then its title (where the text does not begin with
    it) and its text, both the customer's, and the company's answer, from a `reply` column or from after a dashed line
    in the text.
    A contact without an id is called after its source and row. Of equal ids in a file the one of the highest version
    stays, the first row where there are no versions; a row that says its record was deleted is refused as that.

    Parameters
    ----------
    frame : DataFrame of str and None, shape (n_rows, n_columns)
        As received.
    positions : sequence of int, length n_rows
        Row of each in the file.
    spec : SourceSpec
        What the columns mean; `spec.columns` must have `text`.
    file : str
        Name of the landing file, for table `contact` and `rejected`.
    refused : sequence of Refused
        Rows that the reader refused; they join the rejected ones.

    Raises
    ------
    SchemaError
        If no column has the role `text`, or a column is not in the frame.

    Examples
    --------
    >>> frame = pd.DataFrame({"内容": ["太卡了", None], "时间": ["2020/6/8", "2020/6/8"]})
    >>> spec = SourceSpec("mi", "review", columns={"text": "内容", "time": "时间"})
    >>> done = conform_rows(frame, [2, 3], spec)
    >>> done.contacts["contact_id"].tolist(), done.rejected["reason"].tolist()
    (['mi-2'], ['no_text'])
    """
    if "text" not in spec.columns:
        raise SchemaError(f"source {spec.source}: no column has the role text; name it in columns.text")
    for role, column in spec.columns.items():
        if column not in frame.columns:
            names = ", ".join(map(str, frame.columns))
            raise SchemaError(f"source {spec.source}: columns.{role} = {column!r} is not in the file; it has: {names}")
    cells = RoleCells(frame.reset_index(drop=True), spec)
    read = read_messages if cells.has("contact") or spec.gap_minutes is not None else _read_contacts
    parts = read(cells, np.asarray(positions, dtype="int64"))
    return assemble(replace(parts, refused=[*refused, *parts.refused]), spec, file)


def _read_contacts(cells: RoleCells, positions: np.ndarray) -> Parts:
    text, answer = split_answer(cells.texts("text"))
    title, times = cells.texts("title"), cells.times("time")
    ids = contact_ids(cells.values("id"), positions, cells.spec)
    deleted, version = is_deleted(cells.values("deleted")), versions(cells.values("version"))
    faults = {"no_text": text.isna() & title.isna() & ~deleted, "deleted": deleted}
    if cells.has("time"):
        faults["bad_time"] = times.isna() & ~deleted
    usable = first_reasons(len(text), faults).isna() | deleted
    older = "superseded" if cells.has("version") else "duplicate_id"
    faults[older] = repeated(ids, usable, version if cells.keeps_last else None)
    reasons = first_reasons(len(text), faults)
    rows = np.flatnonzero(reasons.isna())
    heads = _with_course(cells.contacts(ids, times, title, positions).assign(version=version), cells).iloc[rows]
    words = pd.DataFrame({"title": title, "text": text, "answer": answer, "reply": cells.texts("reply")}).iloc[rows]
    heads, words = heads.reset_index(drop=True), words.reset_index(drop=True)
    refused = refuse(cells.frame, positions, reasons)
    return Parts(heads, _turns(heads, words), refused, times, gone_rows(ids, version, deleted))


def _with_course(heads: pd.DataFrame, cells: RoleCells) -> pd.DataFrame:
    """Return the heads with what the history of their status says where no column of its own says it."""
    if not cells.has("history"):
        return heads
    course = read_courses(cells.values("history"), cells.spec.zone)
    status = heads["status"].where(heads["status"].notna(), course.status)
    ended_at = heads["ended_at"].fillna(course.closed_at)
    return heads.assign(n_reopened=course.n_reopened, status=status, ended_at=ended_at)


def _turns(heads: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Return the turns of each contact: title, text, the answer in the text, the reply."""
    pairs = zip(words["title"], words["text"], strict=True)
    own = np.array([title is not None and not repeats_start(title, text) for title, text in pairs], dtype=bool)
    unknown = pd.Series(pd.NaT, index=heads.index, dtype="datetime64[us, UTC]")
    kinds = (
        ("customer", words["title"].where(own), heads["started_at"]),
        ("customer", words["text"], heads["started_at"]),
        ("agent", words["answer"], unknown),
        ("agent", words["reply"], heads["ended_at"]),
    )
    parts = [
        pd.DataFrame({"contact": heads.index, "speaker": speaker, "said_at": said_at, "text": said})
        for speaker, said, said_at in kinds
    ]
    turns = pd.concat(parts, ignore_index=True)
    turns["position"] = turns["contact"].map(heads["position"])
    turns = turns.reindex(columns=list(TURN_COLUMNS))
    return turns[turns["text"].notna()].sort_values("contact", kind="stable", ignore_index=True)
