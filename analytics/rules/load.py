"""Read rule files and the lists they name: the project's, and a site's own on top."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic

from analytics.errors import ConfigError
from analytics.rules.model import Around, Category, Condition, Phrases
from analytics.settings import DATA
from analytics.text.normalise import normalise

PROJECT_RULES = DATA / "rules"
PROJECT_LISTS = DATA / "lexicons"

Lists = Mapping[str, Phrases]


@dataclass(frozen=True)
class Ruleset:
    """Categories with every list filled in; data only, so that it can travel to workers."""

    categories: tuple[Category, ...]

    @property
    def digest(self) -> str:
        """A text that changes whenever a rule or a word of a list does; examples do not count."""
        said = [category.model_dump(exclude={"hits", "misses"}) for category in self.categories]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def speakers(self) -> Phrases:
        """Whose turns the rules read."""
        return tuple(sorted({speaker for category in self.categories for speaker in category.speakers}))

    @property
    def counts_tokens(self) -> bool:
        """Whether a rule measures a distance in words, so that texts must be cut."""
        nodes = (node for category in self.categories for node in category.when.nodes())
        return any(node.near is not None and node.unit == "tokens" for node in nodes)


def load_rules(site: Path | None = None, lexicons: Path | None = None) -> Ruleset:
    """Return the project's categories and a site's own; a site's category takes the place of one of its name.

    Parameters
    ----------
    site : Path, optional
        Folder of the site's rules, `*.toml`, and of lists that only they use, `*.txt`; it need not exist.
    lexicons : Path, optional
        Folder of the site's word lists; it need not exist.

    Raises
    ------
    ConfigError
        Naming file, category, field and what was expected.

    Examples
    --------
    >>> rules = load_rules()
    >>> {"anger", "leave", "escalate", "self_harm", "safety"} <= {category.name for category in rules.categories}
    True
    """
    files = [*sorted(PROJECT_RULES.glob("*.toml")), *(sorted(site.glob("*.toml")) if site else ())]
    lists = load_lists(lexicons, site)
    named: dict[str, Category] = {}
    for file in files:
        named |= {category.name: category for category in read_rules(file, lists)}
    return Ruleset(tuple(named.values()))


def read_rules(file: Path, lists: Lists) -> tuple[Category, ...]:
    """Return the categories of one file with its lists filled in; raise `ConfigError` as `load_rules`."""
    raw = _read_toml(file)
    unknown = sorted(set(raw) - {"category"})
    if unknown or not isinstance(raw.get("category"), list):
        raise ConfigError(f"{file}: expected [[category]] tables and nothing else, got {', '.join(unknown) or 'none'}")
    found: dict[str, Category] = {}
    for number, said in enumerate(raw["category"], start=1):
        name = str(said.get("name", f"number {number}"))
        category = _category(file, name, said)
        if category.name in found:
            raise ConfigError(f"{file}: category {name}: name: expected one of this name in a file, got two")
        found[category.name] = _filled(file, category, lists)
    return tuple(found.values())


def load_lists(*sites: Path | None) -> dict[str, Phrases]:
    """Return every word list by its file's name: those of data/lexicons and the folders in it, then those of a site.

    A site's list of the project's name adds to it; a line that begins with `-` takes a word out.
    """
    lists: dict[str, Phrases] = {}
    for folder in (PROJECT_LISTS, *(site for site in sites if site is not None)):
        for file in sorted(folder.rglob("*.txt")):
            words = dict.fromkeys(lists.get(file.stem, ()))
            for word in _read_list(file):
                if word.startswith("-") and folder != PROJECT_LISTS:
                    words.pop(word[1:].strip(), None)
                else:
                    words[word] = None
            lists[file.stem] = tuple(words)
    return lists


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"{file}: expected a rule file, there is none") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: expected TOML in UTF-8, {error}") from error


def _read_list(file: Path) -> Phrases:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: expected UTF-8, got byte {error.start} of another encoding") from error
    return tuple(dict.fromkeys(word for line in lines if (word := line.split("#", 1)[0].strip())))


def _category(file: Path, name: str, said: object) -> Category:
    try:
        return Category.model_validate(said)
    except pydantic.ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "category"
        got = problem["input"] if isinstance(problem["input"], str | int | float | bool) else ""
        message = str(problem["msg"]).removeprefix("Value error, ")
        raise ConfigError(
            f"{file}: category {name}: {field}: {message}{f', got {got!r}' if got != '' else ''}"
        ) from error


def _filled(file: Path, category: Category, lists: Lists) -> Category:
    """Return the category with words in place of lists, written as the analysis reads text."""
    where = f"{file}: category {category.name}"

    def words(phrases: Phrases, field: str) -> Phrases:
        found: dict[str, None] = {}
        for phrase in phrases:
            if phrase.startswith("@") and phrase[1:] not in lists:
                raise ConfigError(
                    f"{where}: {field}: expected a list {phrase[1:]}.txt in {PROJECT_LISTS} or the site's folder of"
                    " rules, there is none"
                )
            for word in lists[phrase[1:]] if phrase.startswith("@") else (phrase,):
                found[normalise(word).lower()] = None
        if "" in found or not found:
            raise ConfigError(f"{where}: {field}: expected words, got an empty one or none")
        return tuple(found)

    def around(given: Around, field: str) -> Around:
        return given.model_copy(update={k: words(v, f"{field}.{k}") for k, v in given.places().items()})

    def condition(node: Condition, field: str) -> Condition:
        near = node.near and tuple(words(side, f"{field}.near") for side in node.near)
        return node.model_copy(
            update={
                "phrases": words(node.phrases, field) if node.phrases else (),
                "all": tuple(condition(part, f"{field}.all") for part in node.all),
                "any": tuple(condition(part, f"{field}.any") for part in node.any),
                "not_": node.not_ and condition(node.not_, f"{field}.not"),
                "near": near,
            }
        )

    return category.model_copy(
        update={
            "when": condition(category.when, "when"),
            "unless": tuple(around(one, "unless") for one in category.unless),
            "cue": tuple(around(one, "cue") for one in category.cue),
        }
    )


def words_of(conditions: Sequence[Condition]) -> list[Phrases]:
    """Return every tuple of phrases in the conditions, those under `not` included."""
    found: list[Phrases] = []
    for node in (node for one in conditions for node in one.nodes()):
        found += [node.phrases] if node.phrases else []
        found += list(node.near or ())
        found += words_of([node.not_]) if node.not_ else []
    return found
