"""Ready-made meanings of common exports: `data/presets/NAME.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analytics.errors import ConfigError

PRESETS = Path(__file__).resolve().parent.parent / "data" / "presets"
_MERGED = ("speakers", "segments")


@dataclass(frozen=True)
class Preset:
    """One ready-made meaning.

    Attributes
    ----------
    name : str
        What `SourceSettings.preset` says.
    title : str
        Which export it is for, in Chinese.
    settings : mapping
        Fields of `SourceSettings`.
    columns : mapping of str to tuple of str
        Role → names that its column has in one or another version of the export, best first.
    """

    name: str
    title: str
    settings: Mapping[str, Any]
    columns: Mapping[str, tuple[str, ...]]


def preset_names() -> tuple[str, ...]:
    """Return the names of all presets."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


@cache
def load_preset(name: str) -> Preset:
    """Return a preset.

    Raises
    ------
    ConfigError
        If there is none of that name.

    Examples
    --------
    >>> load_preset("zendesk_tickets").settings["kind"]
    'work_order'
    """
    if name not in preset_names():
        raise ConfigError(f"there is no preset {name!r}; known: {', '.join(preset_names())} (see docs/presets.md)")
    values = tomllib.loads((PRESETS / f"{name}.toml").read_text(encoding="utf-8"))
    columns = {role: (names,) if isinstance(names, str) else tuple(names) for role, names in values["columns"].items()}
    return Preset(name, values["title"], values["settings"], columns)


def apply_preset(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source's settings with those of its preset that it does not make itself.

    Speakers and segments are joined entry by entry, the source's own first. Columns of tables are not filled in here,
    since they depend on which of their names a file uses: see `preset_columns`.

    Parameters
    ----------
    values : mapping
        Fields of `SourceSettings` as written.

    Raises
    ------
    ConfigError
        If the preset is unknown.

    Examples
    --------
    >>> apply_preset({"path": "a.csv", "preset": "survey_nps", "channel": "短信问卷"})["kind"]
    'review'
    >>> apply_preset({"path": "a.csv", "kind": "chat"})
    {'path': 'a.csv', 'kind': 'chat'}
    """
    if not values.get("preset"):
        return dict(values)
    settings = load_preset(values["preset"]).settings
    joined = {
        name: {**settings[name], **values[name]}
        for name in _MERGED
        if name in settings and isinstance(values.get(name), Mapping)
    }
    return {**settings, **values, **joined}


def preset_columns(name: str, header: Iterable[str], own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return role → column: `own`, and those columns of a preset that a file has; no column gets two roles.

    Case, width and blanks of names make no difference.

    Parameters
    ----------
    name : str
        Preset.
    header : iterable of str
        Columns of the file.
    own : mapping, optional
        Role → column that the source names itself.

    Examples
    --------
    >>> preset_columns("zendesk_tickets", ["Id", "Subject", "Description", "Created at", "其他"])
    {'id': 'Id', 'time': 'Created at', 'text': 'Description', 'title': 'Subject'}
    """
    theirs = {_plain(column): column for column in reversed(list(header))}
    found = dict(own or {})
    for role, names in load_preset(name).columns.items():
        if role in found:
            continue
        free = (theirs[_plain(name)] for name in names if _plain(name) in theirs)
        column = next((column for column in free if column not in found.values()), None)
        if column is not None:
            found[role] = column
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name)).lower().rstrip("*")
