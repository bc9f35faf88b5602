"""The expectations as declared: files in data/quality, and a site's own in {home}/quality."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import pydantic

from analytics.errors import ConfigError
from analytics.schema import COURSES, FLAGS, KINDS, LABELS, SPEAKERS, TABLES
from analytics.settings import DATA

PROJECT_QUALITY = DATA / "quality"
_ROW_LISTS = {"kinds": KINDS, "speakers": SPEAKERS, "labels": LABELS, "courses": COURSES, "flags": FLAGS}


class Expectation(pydantic.BaseModel, frozen=True, extra="forbid"):
    """One thing that is expected of each day of a table.

    Attributes
    ----------
    name : str
        Unique among all.
    label : str
        What a person reads, Chinese.
    table : str
        The table that is wrong when it fails; without it in the lake nothing is expected.
    kind : str
        limit: the measure lies between `low` and `high`. usual: it lies where it does on the same weekday of the eight
        weeks before. whole: it equals `whole`. fresh: the newest day is not older than the days before it lead one to
        expect.
    severity : str
        stop: a failure holds the publication back. warning: it is shown. off: nothing is looked at.
    source : str
        SELECT with a column `day` that is measured; the table itself where empty. It may name any table of the lake,
        and `voice`, the contacts that count (without flagged ones where these are left out).
    measure : str
        SQL aggregate over the rows of a day. `{key}` stands for the key of the table; `{kinds}`, `{speakers}`,
        `{labels}`, `{courses}` and `{flags}` for the values of `analytics.schema`.
    whole_source, whole : str
        Of kind whole: what it must equal, said as `source` and `measure` are.
    by : str
        Column of `source`: each of its values is looked at by itself, also one that is gone (usual).
    low, high : float, optional
        Of kind limit, both included.
    scale : str
        Of kind usual: a count varies by factors, a share or mean by differences.
    side : str
        Of kind usual: which side is a failure.
    deviations, floor : float
        Of kind usual: how many robust deviations are allowed, and the least deviation (as a factor's logarithm for a
        count), so that a few very even weeks make no narrow bound.
    least : float
        Days (kind usual: usual values of a count) below this are too small to be judged.
    meaning, advice : str
        Why it matters and what to do, Chinese; `{day}` in the advice stands for the day.
    """

    name: str = pydantic.Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = pydantic.Field(min_length=1)
    table: str
    kind: Literal["limit", "usual", "whole", "fresh"]
    severity: Literal["stop", "warning", "off"] = "stop"
    source: str = ""
    measure: str = "count(*)"
    whole_source: str = ""
    whole: str = "count(*)"
    by: str = ""
    low: float | None = None
    high: float | None = None
    scale: Literal["count", "share", "mean"] = "count"
    side: Literal["low", "high", "both"] = "both"
    deviations: float = pydantic.Field(default=5.0, gt=0)
    floor: float = pydantic.Field(default=0.08, gt=0)
    least: float = pydantic.Field(default=0.0, ge=0)
    meaning: str = ""
    advice: str = ""

    @pydantic.field_validator("table")
    @classmethod
    def _known_table(cls, value: str) -> str:
        if value not in TABLES:
            raise ValueError(f"expected a table of analytics.schema, got {value!r}")
        return value

    @pydantic.model_validator(mode="after")
    def _whole_declaration(self) -> Self:
        if self.kind == "limit" and self.low is None and self.high is None:
            raise ValueError("a limit needs low, high or both")
        if self.kind == "whole" and not self.whole_source:
            raise ValueError("whole needs whole_source, a SELECT with a column day")
        return self

    @property
    def rows(self) -> str:
        """SQL of what is measured."""
        return f"({self.source})" if self.source else f'"{self.table}"'


def load_expectations(site: Path | None = None) -> dict[str, Expectation]:
    """Return the project's expectations and a site's own by name.

    Parameters
    ----------
    site : Path, optional
        Folder of the site's `*.toml`; it need not exist. An expectation of a project's name says what is different
        there (a severity, a limit); of another name it is the site's own.

    Raises
    ------
    ConfigError
        Naming file, expectation, field and what was expected.

    Examples
    --------
    >>> load_expectations()["contact_rows"].kind
    'usual'
    """
    said: dict[str, tuple[Path, dict[str, Any]]] = {}
    for folder in (PROJECT_QUALITY, site):
        for file in sorted(folder.glob("*.toml")) if folder else ():
            for declared in _declared(file):
                name = str(declared.get("name", ""))
                said[name] = (file, {**said.get(name, (file, {}))[1], **declared})
    return {name: _expectation(file, declared) for name, (file, declared) in said.items()}


def _declared(file: Path) -> list[dict[str, Any]]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: expected TOML in UTF-8, {error}") from error
    listed = found.get("expectation", [])
    if (
        set(found) != {"expectation"}
        or not isinstance(listed, list)
        or not all(isinstance(one, dict) for one in listed)
    ):
        raise ConfigError(f"{file}: expected [[expectation]] and nothing else, got {', '.join(found) or 'nothing'}")
    return listed


def _expectation(file: Path, declared: Mapping[str, Any]) -> Expectation:
    try:
        return Expectation.model_validate(_filled(declared))
    except pydantic.ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in ("expectation", declared.get("name", "?"), *problem["loc"]))
        raise ConfigError(f"{file}: {where}: {problem['msg']}; see docs/quality.md") from error


def _filled(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the declaration with the table's key and the schema's values in their places."""
    table = TABLES.get(str(declared.get("table")))
    values = {name: ", ".join(f"'{value}'" for value in listed) for name, listed in _ROW_LISTS.items()}
    values["key"] = ", ".join(f'"{name}"' for name in table.key) if table else ""
    filled = dict(declared)
    for field in ("source", "measure", "whole_source", "whole"):
        for name, value in values.items():
            if isinstance(filled.get(field), str):
                filled[field] = filled[field].replace(f"{{{name}}}", value)
    return filled
