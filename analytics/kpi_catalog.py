"""The indicators of a service centre, as declared: one file each in data/kpis, and a site's own in {home}/kpis.

Declarations only: `analytics.signals.kpis` computes them, dashboards and docs/metrics.md read how to show them.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import pydantic

from analytics.errors import ConfigError
from analytics.kpi_contacts import DERIVED, column_types, stored_columns, with_history
from analytics.kpi_expressions import ExpressionError, ExpressionReader
from analytics.schema import NEUTRAL_BAND
from analytics.settings import DATA

PROJECT_KPIS = DATA / "kpis"
DIMENSIONS = ("day", "channel", "product", "team", "topic")
_OF_MEDIANS = ("day", "channel", "team")
_TRUTHS = ("count", "share")
_UNITS = {"count": ("count",), "share": ("share",)}
_MAX_HOURS = 24 * 14


class Indicator(pydantic.BaseModel, frozen=True, extra="forbid"):
    """One indicator.

    Attributes
    ----------
    name : str
        As in `kpi_day.indicator`, and the name of its file.
    order : int
        Place among the others where they are shown.
    label : str
        What a person reads, Chinese.
    unit : str
        count, share (0 to 1), seconds, score (-1 to 1) or points (-100 to 100).
    direction : str
        Which way is better.
    statistic : str
        count of contacts for which `measure` is true; share of those for which it is (Wilson interval); mean (t
        interval) or median (order statistics) of `measure`.
    grain : tuple of str
        By what it can be told apart. A median cannot be added up from parts, so it has no product and no topic.
    source : tuple of str
        Columns of `contact` that it is computed from, those behind derived columns included. An indicator whose
        columns a site has not is absent.
    hours : int, optional
        What `{hours}` stands for in `among`, `measure` and the texts.
    among : str
        Which contacts are counted, an expression of SQL that is true or false (`analytics.kpi_expressions`).
    measure : str
        What is taken of each: true or false for count and share, else a number; where it is null the contact is not
        counted.
    formula, meaning, missing : str
        The definition, what it tells, and why a site may not have it, in words, Chinese.
    target : float, optional
        What the site aims at, in the unit.
    """

    name: str = pydantic.Field(pattern=r"^[a-z][a-z0-9_]*$")
    order: int = 1000
    label: str = pydantic.Field(min_length=1)
    unit: Literal["count", "share", "seconds", "score", "points"]
    direction: Literal["lower", "higher", "neither"]
    statistic: Literal["count", "share", "median", "mean"]
    grain: tuple[Literal["day", "channel", "product", "team", "topic"], ...]
    source: tuple[str, ...]
    hours: int | None = pydantic.Field(default=None, gt=0, le=_MAX_HOURS)
    among: str = "TRUE"
    measure: str
    formula: str = pydantic.Field(min_length=1)
    meaning: str = ""
    missing: str = ""
    target: float | None = None

    @property
    def better(self) -> Literal["lower", "higher"] | None:
        """Which way is better; None where neither is."""
        return None if self.direction == "neither" else self.direction

    @property
    def is_additive(self) -> bool:
        """Whether parts add up to the whole, so that it stands in `kpi_cube`."""
        return self.statistic != "median"

    @property
    def behind(self) -> str:
        """SQL condition on the published table `contact`: the contacts that n counts.

        Examples
        --------
        >>> INDICATORS["negative_share"].behind
        "started_at IS NOT NULL AND (TRUE) AND (sentiment_label = 'negative') IS NOT NULL"
        """
        counted = f"({self.among}) AND ({self.measure}) IS {'TRUE' if self.statistic == 'count' else 'NOT NULL'}"
        return self._over_history(counted)

    @property
    def hits(self) -> str | None:
        """SQL condition on `contact`: those of them for which the measure is true; None where it is a number."""
        return self._over_history(f"({self.among}) AND ({self.measure})") if self.statistic in _TRUTHS else None

    def _over_history(self, condition: str) -> str:
        if not any(name in condition for name in DERIVED):
            return f"started_at IS NOT NULL AND {condition}"
        history = with_history("(SELECT * FROM contact WHERE flag IS NULL)", "(SELECT max(started_at) FROM contact)")
        return f"contact_id IN (SELECT contact_id FROM ({history}) WHERE {condition})"


def load_indicators(site: Path | None = None) -> dict[str, Indicator]:
    """Return the project's indicators and a site's own by name, in the order in which they are shown.

    Parameters
    ----------
    site : Path, optional
        Folder of the site's `*.toml`; it need not exist. A file of a project's name says what is different there (a
        target, other hours, an expression); of another name it is an indicator of the site's own.

    Raises
    ------
    ConfigError
        Naming file, field and what was expected.

    Examples
    --------
    >>> list(load_indicators())[:2]
    ['n_contacts', 'negative_share']
    """
    said: dict[str, tuple[Path, dict[str, Any]]] = {}
    for folder in (PROJECT_KPIS, site):
        for file in sorted(folder.glob("*.toml")) if folder else ():
            declared = {**said.get(file.stem, (file, {}))[1], **_read(file)}
            said[file.stem] = (file, declared)
    reader = ExpressionReader(column_types())
    found = [_indicator(file, declared, reader) for file, declared in said.values()]
    return {indicator.name: indicator for indicator in sorted(found, key=lambda one: (one.order, one.name))}


def digest(indicators: Iterable[Indicator]) -> str:
    """Return a text that changes whenever what is computed does; names and words for people do not count."""
    shown = {"order", "label", "formula", "meaning", "missing", "target", "direction"}
    said = [indicator.model_dump(exclude=shown) for indicator in sorted(indicators, key=lambda one: one.name)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def look_hours(indicators: Iterable[Indicator]) -> int:
    """Return how far an indicator looks before or after a contact, at most."""
    return max((indicator.hours or 0 for indicator in indicators), default=0)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: expected TOML in UTF-8, {error}") from error


def _indicator(file: Path, declared: Mapping[str, Any], reader: ExpressionReader) -> Indicator:
    try:
        found = Indicator.model_validate(_filled(declared))
    except pydantic.ValidationError as error:
        problem = error.errors()[0]
        got = problem["input"] if isinstance(problem["input"], str | int | float | bool) else ""
        where = ".".join(str(part) for part in problem["loc"])
        raise ConfigError(f"{file}: {where}: {problem['msg']}{f', got {got!r}' if got != '' else ''}") from error
    if found.name != file.stem:
        raise ConfigError(f"{file}: name: expected the name of the file, {file.stem}, got {found.name}")
    _check_shape(file, found)
    _check_expressions(file, found, reader)
    return found


def _filled(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the declaration with its numbers in the place of {hours} and {neutral_band}."""
    values = {"{hours}": str(declared.get("hours", "{hours}")), "{neutral_band}": str(NEUTRAL_BAND)}
    filled = dict(declared)
    for field in ("among", "measure", "formula", "meaning", "missing"):
        for mark, value in values.items():
            if isinstance(filled.get(field), str):
                filled[field] = filled[field].replace(mark, value)
    return filled


def _check_shape(file: Path, found: Indicator) -> None:
    allowed = DIMENSIONS if found.is_additive else _OF_MEDIANS
    if set(found.grain) != set(allowed):
        raise ConfigError(f"{file}: grain: expected {', '.join(allowed)} for a {found.statistic}, got {found.grain}")
    units = _UNITS.get(found.statistic, ("seconds", "score", "points"))
    if found.unit not in units:
        raise ConfigError(f"{file}: unit: expected {' or '.join(units)} for a {found.statistic}, got {found.unit}")


def _check_expressions(file: Path, found: Indicator, reader: ExpressionReader) -> None:
    expected = {"among": "truth", "measure": "truth" if found.statistic in _TRUTHS else "number"}
    read: set[str] = set()
    for field, kind in expected.items():
        try:
            got = reader.kind(getattr(found, field))
            read.update(reader.columns(getattr(found, field)))
        except ExpressionError as error:
            raise ConfigError(f"{file}: {field}: {error}") from error
        if got != kind:
            what = "true or false" if kind == "truth" else "a number"
            raise ConfigError(f"{file}: {field}: expected {what} for a {found.statistic}, got {got}")
    source = stored_columns(tuple(read))
    if set(source) != set(found.source):
        raise ConfigError(
            f"{file}: source: expected the columns that it reads, {', '.join(source)}, got {found.source}"
        )


INDICATORS: dict[str, Indicator] = load_indicators()
"""The project's indicators by name, in the order in which they are shown."""
