"""What a message shows of the contacts behind an incident: where they came in, their mood, what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

N_VERBATIMS = 3
_LIKENESS = 0.5
_SHORTEST, _LONGEST = 6, 60


@dataclass(frozen=True)
class Verbatim:
    """One masked customer turn: as written, as analysed, and its mood (None when not scored)."""

    contact_id: str
    text: str
    text_simplified: str
    score: float | None = None


@dataclass(frozen=True)
class Evidence:
    """Counts of the contacts behind one incident and candidates for verbatims.

    `channels` and `moods` count contacts by channel and by sentiment_label; contacts without a mood are in no label.
    """

    channels: Mapping[str, int] = field(default_factory=dict)
    moods: Mapping[str, int] = field(default_factory=dict)
    turns: Sequence[Verbatim] = ()


def choose_verbatims(turns: Sequence[Verbatim], key: str | None, n: int = N_VERBATIMS) -> list[str]:
    """Return up to `n` turns of different contacts that say different things, cut to a line each.

    Turns with `key` in them come first, then those long enough to say something, then the unhappier ones; ties go by
    contact and text, so that the same contacts give the same message. Two turns are alike when half of the shorter
    one's character pairs are in the other (our choice).

    Examples
    --------
    >>> texts = {"a": "这个面膜好辣", "b": "这个面膜好辣！！", "c": "几时发货呀"}
    >>> choose_verbatims([Verbatim(contact, text, text) for contact, text in texts.items()], "面膜")
    ['这个面膜好辣', '几时发货呀']
    """
    wanted = _plain(key or "")
    chosen: list[Verbatim] = []
    for turn in sorted(turns, key=lambda turn: _rank(turn, wanted)):
        if len(chosen) == n:
            break
        fresh = all(turn.contact_id != other.contact_id and not _alike(turn, other, wanted) for other in chosen)
        if turn.text.strip() and fresh:
            chosen.append(turn)
    return [_line(turn.text) for turn in chosen]


def _rank(turn: Verbatim, wanted: str) -> tuple[bool, bool, float, str, str]:
    length = len(turn.text.strip())
    return (
        bool(wanted) and wanted not in _plain(turn.text_simplified),
        not _SHORTEST <= length <= _LONGEST,
        0.0 if turn.score is None else turn.score,
        turn.contact_id,
        turn.text,
    )


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _pairs(turn: Verbatim, wanted: str) -> set[str]:
    """Return the character pairs of a turn; without the key, which all of them share."""
    said = _plain(turn.text_simplified)
    plain = "".join(char for char in (said.replace(wanted, "") if wanted else said) if char.isalnum())
    return {plain[i : i + 2] for i in range(len(plain) - 1)} or {plain}


def _alike(one: Verbatim, other: Verbatim, wanted: str) -> bool:
    a, b = _pairs(one, wanted), _pairs(other, wanted)
    return len(a & b) >= _LIKENESS * min(len(a), len(b))


def _line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"
