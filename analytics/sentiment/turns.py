"""Turns of service talk drawn from a grammar: the neutral class, and the praise and anger that reviews do not hold.

The grammar is data/lexicons/service_turns.txt. A line holds patterns parted by ``|``; in a pattern ``{name}`` is a
slot and ``(a|b)`` a choice; choices may stand in choices.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analytics.errors import ConfigError
from analytics.schema.table import LABELS
from analytics.settings import DATA

GRAMMAR = DATA / "lexicons" / "service_turns.txt"
N_TURNS = 8_000
"""Turns drawn of each class."""
JOINED_SHARE = 0.3
"""Share of turns made of two: people greet, give a number and complain in one breath."""

_HOLE = re.compile(r"\{([^{}]+)\}|\(([^()]*)\)")


@dataclass(frozen=True)
class Grammar:
    """Slots by name and patterns by class."""

    slots: dict[str, tuple[str, ...]]
    patterns: dict[str, tuple[str, ...]]


@cache
def load_grammar(path: Path = GRAMMAR) -> Grammar:
    """Read a grammar file.

    Raises
    ------
    ConfigError
        If the file is missing, a section is none of slots, negative, neutral, positive, a class has no pattern, or a
        pattern names an unknown slot.
    """
    if not path.exists():
        raise ConfigError(f"grammar {path} does not exist; restore data/lexicons from the project")
    slots: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, list[str]] = {label: [] for label in LABELS}
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("[") and line.rstrip().endswith("]") and line.strip("[] ").isalpha() and line.isascii():
            section = line.strip("[] ")
        elif section == "slots":
            name, _, values = line.partition(" = ")
            slots[name] = tuple(values.split("|"))
        elif section in patterns:
            patterns[section] += _split_outside(line)
        else:
            raise ConfigError(f"grammar {path}, line {number}: expected a section [slots] or one of {LABELS} before it")
    grammar = Grammar(slots, {label: tuple(found) for label, found in patterns.items()})
    _check(grammar, path)
    return grammar


def draw_turns(label: str, n_turns: int, *, seed: int, grammar: Grammar | None = None) -> list[str]:
    """Draw turns of one class.

    Parameters
    ----------
    label : {"negative", "neutral", "positive"}
        A negative or positive turn may open with a neutral one.
    n_turns : int
        How many to draw; fewer come back, since each distinct turn comes once.
    seed : int
        Same seed, same turns.
    grammar : Grammar, optional
        The project's own if not given.

    Returns
    -------
    list of str
        Distinct turns in order of drawing.

    Examples
    --------
    >>> turns = draw_turns("neutral", 3000, seed=1)
    >>> "好的" in turns, len(turns) > 1000
    (True, True)
    """
    grammar = grammar or load_grammar()
    rng = random.Random(f"{seed} {label}")
    patterns = grammar.patterns[label]
    drawn: dict[str, None] = {}
    for number in range(n_turns):
        turn = _expand(patterns[number % len(patterns)], grammar, rng)
        if number >= len(patterns) and rng.random() < JOINED_SHARE:
            other = rng.choice((label, "neutral"))
            lead = _expand(rng.choice(grammar.patterns[other]), grammar, rng)
            turn = rng.choice((f"{lead},{turn}", f"{lead} {turn}", f"{turn} {lead}", f"{turn},{lead}"))
        drawn.setdefault(turn)
    return list(drawn)


def _split_outside(line: str) -> list[str]:
    """Split at the bars that stand in no bracket."""
    parts, depth = [""], 0
    for char in line:
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _expand(pattern: str, grammar: Grammar, rng: random.Random) -> str:
    while (hole := _HOLE.search(pattern)) is not None:
        choices = grammar.slots[hole.group(1)] if hole.group(1) else hole.group(2).split("|")
        pattern = pattern[: hole.start()] + rng.choice(choices) + pattern[hole.end() :]
    return pattern


def _check(grammar: Grammar, path: Path) -> None:
    for label, patterns in grammar.patterns.items():
        if not patterns:
            raise ConfigError(f"grammar {path}: class {label} has no pattern")
        for pattern in patterns:
            unknown = [name for name, _ in _HOLE.findall(pattern) if name and name not in grammar.slots]
            if unknown:
                raise ConfigError(f"grammar {path}: pattern names slot {unknown[0]!r}, which [slots] does not have")
