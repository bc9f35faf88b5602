"""Colours of a mean mood as grounds on which text can be read."""

from __future__ import annotations

from functools import cache

from dashboards.theme import Palette, mood_colour, palette

_LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3 (AA), text of ordinary size."""
_STRENGTHS = tuple(step / 20 for step in range(20, 4, -1))


def mood_ground(mean: float) -> str:
    """Return the colour of a mean mood, mixed with paper until ink can be read on every step of the scale.

    Examples
    --------
    >>> mood_ground(-0.9), mood_ground(0.9)
    ('#d37764', '#6298b4')
    """
    look = palette()
    return mixed(mood_colour(mean), look.paper, strength(look))


def strength(look: Palette) -> float:
    """Return how much of the scale's colours is left, 0 to 1, the same for all so that they can be compared."""
    colours = (*(colour for _, colour in look.scale), look.mood["positive"])
    return _strength(colours, look.paper, look.ink)


def mixed(colour: str, paper: str, share: float) -> str:
    """Return a colour of which `share` is left, the rest paper.

    Examples
    --------
    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(colour), _channels(paper), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in pairs)


def contrast(one: str, other: str) -> float:
    """Return how well one colour is read on another, 1 to 21 [1]_.

    References
    ----------
    .. [1] WCAG 2.2, definition of contrast ratio.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def _strength(colours: tuple[str, ...], paper: str, ink: str) -> float:
    for share in _STRENGTHS:
        if all(contrast(mixed(colour, paper, share), ink) >= _LEAST_CONTRAST for colour in colours):
            return share
    return _STRENGTHS[-1]


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
