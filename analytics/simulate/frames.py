"""Sentence frames: parsed once, drawn many times.

A frame is a line of text with slots in braces and choices in angle brackets: `<帮我查|查一下>{product}<到哪了|的物流>`.
Choices are multiplied out when the frame is read, so that drawing one costs two random numbers and a `%`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from itertools import product

from analytics.errors import ConfigError

Variant = tuple[str, tuple[str, ...]]
"""A `%` pattern and the names of the slots that fill it."""
Frames = tuple[tuple[Variant, ...], ...]
"""Frames, each as all its variants."""

_CHOICE = re.compile(r"<([^<>]*)>")
_SLOT = re.compile(r"\{(\w+)\}")
_STRAY = re.compile(r"[<>{}]")


def parse_frames(text: str, slots: Collection[str], rename: Mapping[str, str] | None = None) -> Frames:
    r"""Parse one frame a line.

    Parameters
    ----------
    text : str
        Frames, one a line; empty lines are skipped.
    slots : collection of str
        Names that a slot may have after renaming.
    rename : mapping of str to str, optional
        Slots that mean something else for this speaker ("days" of an agent is a promise, not a complaint).

    Returns
    -------
    Frames

    Raises
    ------
    ConfigError
        If a bracket is not closed or a slot is unknown.

    Examples
    --------
    >>> parse_frames("<查|催>一下{order}\n", {"order"})
    ((('查一下%s', ('order',)), ('催一下%s', ('order',))),)
    """
    renamed = rename or {}
    frames = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            variants = tuple(_variant(chosen, renamed) for chosen in _multiply_out(line.strip()))
            for pattern, names in variants:
                unknown = [name for name in names if name not in slots]
                if unknown or _STRAY.search(pattern):
                    wrong = f"unknown slot {unknown[0]!r}" if unknown else "a bracket that is not closed"
                    raise ConfigError(f"simulate grammar: {wrong} in line {number} of a list of frames; correct it")
            frames.append(variants)
    return tuple(frames)


def _multiply_out(line: str) -> list[str]:
    pieces = _CHOICE.split(line)
    choices = [piece.split("|") if index % 2 else [piece] for index, piece in enumerate(pieces)]
    return ["".join(chosen) for chosen in product(*choices)]


def _variant(text: str, rename: Mapping[str, str]) -> Variant:
    names = tuple(rename.get(name, name) for name in _SLOT.findall(text))
    return _SLOT.sub("%s", text.replace("%", "%%")), names


def without_words(frames: Frames, words: Collection[str]) -> Frames:
    """Return the frames whose every variant holds none of the words; all of them if none is left."""
    kept = tuple(frame for frame in frames if not any(word in pattern for pattern, _ in frame for word in words))
    return kept or frames


def draw(frames: Frames, slots: Mapping[str, str], rnd: Callable[[], float]) -> str:
    """Draw a frame, then a variant of it, and fill its slots; `rnd` gives numbers in [0, 1)."""
    frame = frames[int(rnd() * len(frames))]
    pattern, names = frame[int(rnd() * len(frame))]
    return pattern % tuple([slots[name] for name in names])


def draw_unsaid(frames: Frames, slots: Mapping[str, str], rnd: Callable[[], float], said: set[str]) -> str:
    """Draw as `draw`, but try other frames (three times) when one is in `said`; notes what it used there."""
    frame = frames[int(rnd() * len(frames))]
    for _ in range(3):
        if frame[0][0] not in said:
            break
        frame = frames[int(rnd() * len(frames))]
    said.add(frame[0][0])
    pattern, names = frame[int(rnd() * len(frame))]
    return pattern % tuple([slots[name] for name in names])
