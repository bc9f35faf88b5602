"""What people decided about found words: a file to read and to edit, and the site's word list that follows from it.

``new_words.tsv`` in the site's folder of lexicons has one line a word: word, decision, day, by. Accepted words also
stand in the site's ``domain.txt``, which the segmenter reads; rejected ones are never proposed again.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analytics.errors import ConfigError

REVIEW_FILE, WORD_LIST = "new_words.tsv", "domain.txt"
ACCEPTED: Literal["accepted"] = "accepted"
REJECTED: Literal["rejected"] = "rejected"
_HEADER = "word\tdecision\tday\tby"
_NOTE = "# Accepted with `kesheng words accept`; new_words.tsv beside this file says when and by whom."


@dataclass(frozen=True)
class Decision:
    """What somebody decided about a word, on which day."""

    decision: Literal["accepted", "rejected"]
    day: dt.date
    by: str


Decisions = Mapping[str, Decision]
"""Word → its decision."""


def read_decisions(folder: Path) -> Decisions:
    """Return the decisions of a site's folder of lexicons; none if there is no file.

    Raises
    ------
    ConfigError
        Naming file and line, where a line does not have the four fields, or the file is not UTF-8.
    """
    path = folder / REVIEW_FILE
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: expected UTF-8, got byte {error.start} of another encoding") from error
    found = {}
    for number, line in enumerate(lines, start=1):
        if line.strip() and line != _HEADER and not line.startswith("#"):
            word, decision = _parsed(line, f"{path}, line {number}")
            found[word] = decision
    return found


def words_of(decisions: Decisions, decision: Literal["accepted", "rejected"]) -> frozenset[str]:
    """Return the words with this decision."""
    return frozenset(word for word, made in decisions.items() if made.decision == decision)


def decide(folder: Path, words: Iterable[str], made: Decision) -> list[str]:
    """Keep one decision about some words; nothing changes for a word that has it already.

    The file of decisions is written before the word list: after a crash between them, deciding again puts it right.

    Parameters
    ----------
    folder : Path
        The site's folder of lexicons; made if it is not there.
    words : iterable of str
        As they were found.
    made : Decision
        What, when and by whom.

    Returns
    -------
    list of str
        The words whose decision is new.

    Raises
    ------
    ConfigError
        If a word is empty, or is to be accepted and cannot stand in a word list.
    """
    wanted = sorted(dict.fromkeys(words))
    for word in wanted:
        _check(word, made)
    before = read_decisions(folder)
    changed = [word for word in wanted if word not in before or before[word].decision != made.decision]
    after = {**before, **dict.fromkeys(changed, made)}
    folder.mkdir(parents=True, exist_ok=True)
    lines = (f"{word}\t{kept.decision}\t{kept.day}\t{kept.by}" for word, kept in sorted(after.items()))
    if changed:
        _replace(folder / REVIEW_FILE, [_HEADER, *lines])
    if made.decision == ACCEPTED:
        _add_to_list(folder / WORD_LIST, wanted)
    else:
        _take_from_list(folder / WORD_LIST, [word for word in wanted if word in words_of(before, ACCEPTED)])
    return changed


def _parsed(line: str, where: str) -> tuple[str, Decision]:
    fields = line.split("\t")
    try:
        word, decision, day, by = fields
        if decision == ACCEPTED:
            return word, Decision(ACCEPTED, dt.date.fromisoformat(day), by)
        if decision == REJECTED:
            return word, Decision(REJECTED, dt.date.fromisoformat(day), by)
    except ValueError:
        pass
    raise ConfigError(
        f"{where}: expected word, '{ACCEPTED}' or '{REJECTED}', a day as 2026-03-01 and a name, parted by tabs;"
        f" got {len(fields)} fields; correct the line or delete it"
    )


def _check(word: str, made: Decision) -> None:
    if not word.strip() or "\t" in word or "\n" in word:
        raise ConfigError("words: expected a word, got an empty one or one with a tab or line break in it")
    if made.decision == ACCEPTED and (word.split() != [word] or "#" in word or word.startswith("-")):
        raise ConfigError(
            f"words accept: {word!r} has a space, a '#' or a leading '-', which a line of {WORD_LIST} cannot have;"
            " a model's name of several words belongs into products.txt of the same folder"
        )


def _add_to_list(path: Path, words: Iterable[str]) -> None:
    lines = path.read_text(encoding="utf-8-sig").splitlines() if path.exists() else []
    there = {line.split("#", 1)[0].split()[0] for line in lines if line.split("#", 1)[0].split()}
    new = [word for word in words if word not in there]
    if new:
        _replace(path, [*lines, *([] if _NOTE in lines else [_NOTE]), *new])


def _take_from_list(path: Path, words: Iterable[str]) -> None:
    """Take out the lines that accepting added: the word and nothing else."""
    gone = set(words)
    lines = path.read_text(encoding="utf-8-sig").splitlines() if gone and path.exists() else []
    if any(line in gone for line in lines):
        _replace(path, [line for line in lines if line not in gone])


def _replace(path: Path, lines: Iterable[str]) -> None:
    """Write the file whole, or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    aside.replace(path)
