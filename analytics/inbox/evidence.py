"""What a message shows of the contacts behind an incident: where they came in, their mood, what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

N_VERBATIMS = 3
_LIKENESSES = (0.35, 0.5)
_SHORTEST, _LONGEST = 8, 60
_ENOUGH_TERMS = 2


@dataclass(frozen=True)
class Verbatim:
    """One masked customer turn: as written, as analysed, and its mood (None when not scored)."""

    contact_id: str
    text: str
    text_simplified: str
    score: float | None = None


@dataclass(frozen=True)
class UsualMood:
    """How the same channels felt before: mean score in [-1, 1], share of negative contacts, from how many contacts."""

    score: float
    negative_share: float
    n: int


@dataclass(frozen=True)
class Evidence:
    """Counts of the contacts behind one incident, and what may be quoted.

    `channels`, `products` and `touchpoints` count contacts by their values; `moods` by sentiment_label, contacts
    without a mood being in no label; `score` is the mean score of those with one. `key` is the word that rose, where
    one did; `terms` are others that tell what the incident is about.
    """

    channels: Mapping[str, int] = field(default_factory=dict)
    moods: Mapping[str, int] = field(default_factory=dict)
    turns: Sequence[Verbatim] = ()
    key: str = ""
    terms: Sequence[str] = ()
    score: float | None = None
    usual: UsualMood | None = None
    products: Mapping[str, int] = field(default_factory=dict)
    touchpoints: Mapping[str, int] = field(default_factory=dict)


def choose_verbatims(evidence: Evidence, n: int = N_VERBATIMS) -> list[str]:
    """Return up to `n` turns of different contacts that say different things, cut to a line each.

    Turns with the key come first, then those with more of the terms, then those long enough to say something, then the
    unhappier ones; ties go by contact and text, so that the same contacts give the same message. Two turns are alike
    when a third of the shorter one's character pairs are in the other, the key left out; where that leaves too few,
    when half of them are (our choice: a third is one clause in common).

    Examples
    --------
    >>> texts = {"a": "这个面膜好辣呀真的", "b": "这个面膜好辣呀真的！！", "c": "面膜几时发货呀亲"}
    >>> turns = [Verbatim(contact, text, text) for contact, text in texts.items()]
    >>> choose_verbatims(Evidence(turns=turns, key="面膜"))
    ['这个面膜好辣呀真的', '面膜几时发货呀亲']
    """
    key, terms = _plain(evidence.key), [_plain(term) for term in evidence.terms if term]
    ranked = sorted((turn for turn in evidence.turns if turn.text.strip()), key=lambda turn: _rank(turn, key, terms))
    chosen: list[Verbatim] = []
    for likeness in _LIKENESSES:
        for turn in ranked:
            if len(chosen) == n:
                break
            if not any(turn.contact_id == other.contact_id or _alike(turn, other, key, likeness) for other in chosen):
                chosen.append(turn)
    return [quoted_line(turn.text, evidence.key) for turn in chosen]


def _rank(turn: Verbatim, key: str, terms: Sequence[str]) -> tuple[bool, int, bool, float, str, str]:
    said = _plain(turn.text_simplified)
    return (
        bool(key) and key not in said,
        -min(_ENOUGH_TERMS, sum(term in said for term in terms)),
        not _SHORTEST <= len(turn.text.strip()) <= _LONGEST,
        0.0 if turn.score is None else turn.score,
        turn.contact_id,
        turn.text,
    )


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _pairs(turn: Verbatim, key: str) -> set[str]:
    """Return the character pairs of a turn; without the key, which all of them share."""
    said = _plain(turn.text_simplified)
    plain = "".join(char for char in (said.replace(key, "") if key else said) if char.isalnum())
    return {plain[i : i + 2] for i in range(len(plain) - 1)} or {plain}


def _alike(one: Verbatim, other: Verbatim, key: str, likeness: float) -> bool:
    a, b = _pairs(one, key), _pairs(other, key)
    return len(a & b) >= likeness * min(len(a), len(b))


def quoted_line(text: str, key: str = "") -> str:
    """Return a turn as a message quotes it: in one line, cut where it is long, around the key where it comes late.

    Examples
    --------
    >>> quoted_line("好" * 70 + "面膜" + "好" * 70, "面膜").strip("…好")
    '面膜'
    """
    flat = " ".join(text.split())
    if len(flat) <= _LONGEST:
        return flat
    at = flat.casefold().find(key.casefold()) if key else -1
    if at + len(key) < _LONGEST:
        return flat[: _LONGEST - 1] + "…"
    start = at - (_LONGEST - len(key)) // 2
    if start + _LONGEST - 1 >= len(flat):
        return "…" + flat[1 - _LONGEST :]
    return f"…{flat[start : start + _LONGEST - 2]}…"
