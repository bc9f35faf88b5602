"""Contacts with several matters: where a second one begins, and what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.topics.documents import MAX_CHARACTERS
from analytics.topics.embedders.protocol import Floats
from analytics.topics.model import TopicModel
from analytics.topics.openings import Openings

MIN_CHARACTERS = 6
"""Of the turns before, of the turns from there on and of the turn that opens: a matter takes some words to say."""
MIN_OPENING = 0.4
"""How likely the turn must open a matter rather than go on with one."""
MIN_MARGIN = 0.3
"""By how much each part must be nearer to its own topic than to the other's, as a difference of cosines. This and the
bound above were set on joined and single contacts of one simulated centre and measured on another (docs/topics.md)."""
_LONG = 30
"""Characters from which on a turn weighs no more; a turn weighs the root of its length."""

SEGMENT_COLUMNS = ("contact_id", "segment", "topic_id", "topic_similarity", "first_turn", "last_turn")

Number = TypeVar("Number", np.float32, np.int64)


@dataclass(frozen=True)
class _Piece:
    """Turns `start` to `end` (not itself) of a contact, and the row of the topic they are nearest to."""

    start: int
    end: int
    topic: int


@dataclass(frozen=True, eq=False)
class _Contact:
    """What is known of the turns of one contact: weighted vectors summed up to each turn, characters likewise."""

    vectors: Floats
    lengths: NDArray[np.int64]
    opens: NDArray[np.bool_]


def assign_matters(
    model: TopicModel, openings: Openings, contacts: pd.DataFrame, *, max_segments: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the topic of each contact, and the matters of those that have several.

    A contact is cut before a turn that opens a matter if both parts then belong to different topics, clearly. Its main
    matter is the first: what it came for.

    Parameters
    ----------
    model : TopicModel
    openings : Openings
        Learnt with the model.
    contacts : DataFrame
        contact_id, text, turns, said: of `contact_matters`.
    max_segments : int
        Matters a contact may have; 1 finds none beside the main one.

    Returns
    -------
    assigned : DataFrame
        topic_id (None where no topic fits), topic_similarity and text (of the main matter): a row a contact, in order.
    segments : DataFrame
        contact_id, segment (from 0, the main one), topic_id, topic_similarity, first_turn, last_turn; only of contacts
        with several matters, by contact in the order given.
    """
    texts = contacts["text"].tolist()
    cuts = _cuts(model, openings, contacts["said"].tolist(), max_segments)
    segments = _segments(model, contacts, cuts)
    first = segments[segments["segment"] == 0]
    main = dict(zip(first["row"], first["text"], strict=True))
    texts_of_main = [main.get(row, text) for row, text in enumerate(texts)]
    assigned = model.assign(texts_of_main).assign(text=pd.Series(texts_of_main, dtype=object))
    return assigned, segments[list(SEGMENT_COLUMNS)].reset_index(drop=True)


def _cuts(
    model: TopicModel, openings: Openings, said: Sequence[Sequence[str]], max_segments: int
) -> dict[int, list[_Piece]]:
    """Return the pieces of the contacts (by row) that seem to have several matters."""
    if max_segments < 2 or not len(model.centroids):
        return {}
    several = [row for row, turns in enumerate(said) if len(turns) > 1]
    later = sorted({turn for row in several for turn in said[row][1:] if len(turn) >= MIN_CHARACTERS})
    opens = {turn for turn, likely in zip(later, openings.probability(later) >= MIN_OPENING, strict=True) if likely}
    rows = [row for row in several if any(turn in opens for turn in said[row][1:])]
    distinct = sorted({turn for row in rows for turn in said[row]})
    place = {turn: at for at, turn in enumerate(distinct)}
    lengths = np.array([len(turn) for turn in distinct], np.int64)
    weighted = model.embedder.transform(distinct) * np.sqrt(np.minimum(lengths, _LONG), dtype=np.float32)[:, None]
    cuts = {}
    for row in rows:
        at = [place[turn] for turn in said[row]]
        opening = np.array([turn in opens for turn in said[row]], np.bool_)
        contact = _Contact(_sums(weighted[at]), _sums(lengths[at]), opening)
        pieces = _pieces(model, contact, max_segments)
        if len(pieces) > 1:
            cuts[row] = pieces
    return cuts


def _sums(values: NDArray[Number]) -> NDArray[Number]:
    """Return the sum of the rows before each, and of all: that of a part is a difference of two."""
    return np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0, dtype=values.dtype)])


def _pieces(model: TopicModel, contact: _Contact, max_segments: int) -> list[_Piece]:
    """Cut where it is clearest, and the pieces again, until nothing is clear or there are enough."""
    pieces = [_Piece(0, len(contact.opens), -1)]
    while len(pieces) < max_segments:
        found = [(cut, at) for at, piece in enumerate(pieces) if (cut := _best_cut(model, contact, piece)) is not None]
        others = [{piece.topic for place, piece in enumerate(pieces) if place != at} for _, at in found]
        new = [
            (score, at, halves)
            for ((score, halves), at), taken in zip(found, others, strict=True)
            if not taken & {half.topic for half in halves}
        ]
        if not new:
            break
        _, at, halves = max(new, key=lambda cut: cut[0])
        pieces[at : at + 1] = halves
    return pieces


def _best_cut(model: TopicModel, contact: _Contact, piece: _Piece) -> tuple[float, tuple[_Piece, _Piece]] | None:
    """Return how clear the clearest cut of a piece is (the smaller margin and similarity), and its halves."""
    before, after = (contact.lengths[1:-1] - contact.lengths[piece.start], contact.lengths[piece.end])
    enough = (before >= MIN_CHARACTERS) & (after - contact.lengths[1:-1] >= MIN_CHARACTERS) & contact.opens[1:]
    places = 1 + np.flatnonzero(enough)
    places = places[(places > piece.start) & (places < piece.end)]
    if not len(places):
        return None
    left = _cosines(contact.vectors[places] - contact.vectors[piece.start], model.centroids)
    right = _cosines(contact.vectors[piece.end] - contact.vectors[places], model.centroids)
    at = np.arange(len(places))
    one, two = left.argmax(axis=1), right.argmax(axis=1)
    margin = np.minimum(left[at, one] - left[at, two], right[at, two] - right[at, one])
    similarity = np.minimum(left[at, one], right[at, two])
    score = np.where(margin >= MIN_MARGIN, margin + similarity, -np.inf)  # the threshold is for the text as a whole
    best = int(score.argmax())
    if not np.isfinite(score[best]):
        return None
    place = int(places[best])
    halves = _Piece(piece.start, place, int(one[best])), _Piece(place, piece.end, int(two[best]))
    return float(score[best]), halves


def _cosines(vectors: Floats, centroids: Floats) -> Floats:
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
    cosines: Floats = (vectors / norms) @ centroids.T
    return cosines


def _segments(model: TopicModel, contacts: pd.DataFrame, cuts: dict[int, list[_Piece]]) -> pd.DataFrame:
    """Read the text of each piece as a whole; keep contacts whose pieces all have a topic, and each another one."""
    columns = ("row", "text", *SEGMENT_COLUMNS)
    rows = []
    for row, pieces in cuts.items():
        contact, said, turns = (contacts[name].iloc[row] for name in ("contact_id", "said", "turns"))
        for number, piece in enumerate(pieces):
            text = " ".join(said[piece.start : piece.end])[:MAX_CHARACTERS]
            rows.append((row, text, contact, number, None, 0.0, turns[piece.start], turns[piece.end - 1]))
    segments = pd.DataFrame(rows, columns=list(columns))
    if segments.empty:
        return segments
    read = model.assign(segments["text"].tolist())
    segments = segments.assign(topic_id=read["topic_id"], topic_similarity=read["topic_similarity"])
    of_contact = segments.groupby("row")["topic_id"]
    return segments[of_contact.transform("nunique") == of_contact.transform("size")]  # None is no topic
