"""Read tag rules: the project's, and a site's own on top."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pydantic

from analytics.errors import ConfigError
from analytics.settings import DATA
from analytics.tags.judge import COMPUTED, CONTACT_COLUMNS, fault_of
from analytics.tags.rule import TagRule, Tagset

PROJECT_TAGS = DATA / "tags"


def load_tags(site: Path | None = None) -> Tagset:
    """Return the project's tags and a site's own; a site's tag takes the place of one of its name.

    Parameters
    ----------
    site : Path, optional
        Folder of the site's rules, `*.toml`; it need not exist.

    Raises
    ------
    ConfigError
        Naming file, tag, field and what was expected; a rule's SQL is tried on no contacts.

    Examples
    --------
    >>> {"frequent", "at_risk", "threatened", "usual_channel"} <= {tag.name for tag in load_tags().tags}
    True
    """
    files = [*sorted(PROJECT_TAGS.glob("*.toml")), *(sorted(site.glob("*.toml")) if site else ())]
    named: dict[str, TagRule] = {}
    for file in files:
        named |= read_tags(file)
    return Tagset(tuple(named.values()))


def read_tags(file: Path) -> dict[str, TagRule]:
    """Return the tags of one file by name; raise `ConfigError` as `load_tags`."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: expected TOML in UTF-8, {error}") from error
    if set(raw) != {"tag"} or not isinstance(raw["tag"], list):
        raise ConfigError(f"{file}: expected [[tag]] tables and nothing else, got {', '.join(raw) or 'none'}")
    found: dict[str, TagRule] = {}
    for number, said in enumerate(raw["tag"], start=1):
        tag = _tag(file, str(said.get("name", f"number {number}")), said)
        if tag.name in found:
            raise ConfigError(f"{file}: tag {tag.name}: name: expected one of this name in a file, got two")
        found[tag.name] = tag
    return found


def _tag(file: Path, name: str, said: object) -> TagRule:
    try:
        tag = TagRule.model_validate(said)
    except pydantic.ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "tag"
        raise ConfigError(f"{file}: tag {name}: {field}: {problem['msg']}") from error
    fault = fault_of(tag)
    if fault:
        field, said_by_duckdb = fault
        known = ", ".join([*CONTACT_COLUMNS.names, *COMPUTED])
        raise ConfigError(
            f"{file}: tag {name}: {field}: expected {_EXPECTED[field]} over {known}; DuckDB says: {said_by_duckdb}"
        )
    return tag


_EXPECTED = {
    "evidence": "a true or false of one contact",
    "condition": "a true or false of all contacts that count (an aggregate)",
    "value": "an aggregate",
    "detail": "an aggregate",
}
