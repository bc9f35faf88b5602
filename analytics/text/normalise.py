"""One way of writing for the analysis: width, script, white space, lengthening and faces brought to a single form.

The result is for counting and scoring, not for reading: people are shown the masked original, and
`normalise_with_offsets` says where in it a found word stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from analytics.text.kaomoji import FACE, emoji_of, faces_to_emoji, may_hold_face
from analytics.text.offsets import Offsets, aligned, compatible, composed, original_span, stripped, substituted
from analytics.text.script import to_simplified, to_simplified_with_offsets

__all__ = ["MAX_REPEATS", "normalise", "normalise_with_offsets", "original_span"]

MAX_REPEATS = 3
"""Equal characters kept in a row: 好好好好好 says no more than 好好好, and 哈哈哈 stays what it is."""

# C0/C1 controls, soft hyphen, zero-width and direction marks, variation selectors, BOM, private use, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\uf8ff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"([^\d\s])\1{3,}")


def normalise(text: str) -> str:
    """Return the text in NFKC, Simplified Chinese, without invisible characters and lengthening, faces as emoji.

    White space runs become one space and the ends are stripped; more than `MAX_REPEATS` equal characters in a row
    become that many, digits excepted (10000 is a number). Case is kept, since models are named by it.

    Parameters
    ----------
    text : str
        One turn, review or title. Masked or not: the mask tokens pass unchanged.

    Returns
    -------
    str
        Idempotent: ``normalise(normalise(x)) == normalise(x)``.

    Notes
    -----
    Traditional to Simplified is OpenCC's, made once a process on first use (`script.to_simplified`). About 10 µs for a
    turn of twenty characters, 100,000 turns a second and core; OpenCC is a third of it, so that a test for Traditional
    characters before it would save nothing.

    Examples
    --------
    >>> normalise("請問我的ｉＰｈｏｎｅ１７\u3000到哪裡了？？？？？？")
    '请问我的iPhone17 到哪里了???'
    >>> normalise("好好好好好，1000000")
    '好好好,1000000'
    >>> normalise("軟體又壞了(╯‵□′)╯︵┻━┻")
    '软件又坏了😠'
    """
    current = _once(text)
    # One pass is stable unless it changed something that a neighbour's rule depends on (a joined accent, a phrase of
    # OpenCC across squeezed characters). Nothing changed means nothing to repeat: the usual case costs one pass.
    previous = text
    while current != previous:
        previous, current = current, _once(current)
    return current


def normalise_with_offsets(text: str) -> tuple[str, Offsets]:
    """Return `normalise` of the text, and where each of its characters stands in the text.

    Parameters
    ----------
    text : str
        What was, or is, normalised: `utterance.text` for a span found in `utterance.text_simplified`.

    Returns
    -------
    normalised : str
        Equal to ``normalise(text)``.
    offsets : sequence of int
        One longer than `normalised`, never falling: for `original_span`. What `normalise` strips from the edges of the
        text is in no span.

    Notes
    -----
    As fast as `normalise` where that changes nothing; else some 50 µs: for what is shown, not for every turn.

    Examples
    --------
    >>> text = "  軟體!!!!!壞了"
    >>> found, offsets = normalise_with_offsets(text)
    >>> begin, end = original_span(offsets, found.index("坏"), found.index("坏") + 2)
    >>> found, text[begin:end]
    ('软件!!!坏了', '壞了')
    """
    target = normalise(text)
    offsets: Offsets = range(len(text) + 1)
    current, previous = text, None
    while current != target and current != previous:
        previous = current
        current, inner = _once_with_offsets(current)
        offsets = composed(offsets, inner)
    return (current, offsets) if current == target else (target, aligned(text, target))


def _once(text: str) -> str:
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
        text = to_simplified(text)
    elif not text.isprintable():
        text = _INVISIBLE.sub("", text)
    text = faces_to_emoji(text)
    text = _SPACES.sub(" ", text).strip()
    return _REPEATED.sub(_shortened, text)


def _once_with_offsets(text: str) -> tuple[str, Offsets]:
    """Do the steps of `_once`, each with its offsets."""
    offsets: Offsets = range(len(text) + 1)
    for step in _STEPS:
        text, inner = step(text)
        offsets = composed(offsets, inner)
    return text, offsets


def _shortened(found: re.Match[str]) -> str:
    return found.group(1) * MAX_REPEATS


_STEPS: tuple[Callable[[str], tuple[str, Offsets]], ...] = (
    lambda text: substituted(_INVISIBLE, lambda found: "", text),
    lambda text: (text, range(len(text) + 1)) if unicodedata.is_normalized("NFKC", text) else compatible(text),
    lambda text: (text, range(len(text) + 1)) if text.isascii() else to_simplified_with_offsets(text),
    lambda text: substituted(FACE, emoji_of, text) if may_hold_face(text) else (text, range(len(text) + 1)),
    lambda text: substituted(_SPACES, lambda found: " ", text),
    stripped,
    lambda text: substituted(_REPEATED, _shortened, text),
)
