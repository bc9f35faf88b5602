"""`kesheng collect SOURCE --dry-run`: how the first rows would land and what would be refused; nothing is written."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analytics.conform import Conformed
from analytics.errors import InputFileError
from analytics.names import REASON_NAMES, ROLE_NAMES, channel_name
from analytics.settings import Settings, SourceSettings, load_settings
from analytics.text.redact import redact
from jobs.collect import source_of
from jobs.person_key import with_person_key
from jobs.sources.bounded import Bounded
from jobs.sources.conform_file import conform_file, source_spec
from jobs.sources.fetchers import fetcher_of
from jobs.sources.file_records import columns_of
from jobs.sources.files import read_rows
from jobs.sources.origins import is_archive, members, origins, reading_archive

N_ROWS = 20
_SPEAKERS = {"customer": "客户", "agent": "客服", "bot": "机器人", "system": "系统"}
_MAX_CHARS = 60


def show_first_rows(name: str, settings: Settings | None = None) -> None:
    """Read the first file (or piece) of a source and print its first 20 rows as they would land, masked.

    Raises
    ------
    ConfigError
        If no source of that name is configured.
    InputFileError, SchemaError
        If its first file cannot be read or has not the columns it should.
    """
    settings = settings or load_settings()
    source = source_of(name, settings)
    with tempfile.TemporaryDirectory(prefix="kesheng-") as folder, _first_file(name, source, Path(folder)) as path:
        spec = source_spec(name, source, settings.timezone, person_key=with_person_key(settings).person_key)
        done = conform_file(path, source, spec)
        columns = _columns(path, source)
    out = Console(highlight=False, markup=False)
    out.print(f"{redact(path.name)}：试读，什么都没有写入{columns}", soft_wrap=True)
    out.print(_rows(done, settings.timezone))
    out.print(_summary(done))


@contextmanager
def _first_file(name: str, source: SourceSettings, folder: Path) -> Iterator[Path]:
    fetch = fetcher_of(source)
    if fetch is not None:
        piece = next(iter(fetch(None)), None)
        if piece is None or not piece.data:
            raise InputFileError(f"source {name} has no records; nothing to show")
        path = folder / piece.name
        path.write_bytes(piece.data)
        yield path
        return
    found, busy = origins(name, source)
    if not found:
        raise InputFileError(f"source {name}: all {len(busy)} files are still being written; try again in a moment")
    path = folder / PurePosixPath(found[0].name).name
    with found[0].open() as file, path.open("wb") as copy:
        shutil.copyfileobj(Bounded(file, found[0].where, source.limits).as_file(), copy)
    if not is_archive(path.name):
        yield path
        return
    with reading_archive(found[0].where):
        member, content = next(members(path, path.name, source.limits))
        inner = folder / PurePosixPath(member).name
        with inner.open("wb") as copy:
            shutil.copyfileobj(content, copy)
    yield inner


def _columns(path: Path, source: SourceSettings) -> str:
    """Return which column was taken for what, and whether that was a guess."""
    if source.format != "rows":
        return ""
    found = columns_of(read_rows(path, header=None if source.header else False, limits=source.limits), source)
    told = "，".join(f"{ROLE_NAMES.get(role, role)} = {column}" for role, column in found.items())
    return f"\n列：{told}{'' if source.columns or source.preset else '（猜的，可用 columns 指定）'}"


def _rows(done: Conformed, zone: str) -> Table:
    """Return a table of the turns and refusals of the first rows, in order of the file."""
    table = Table(show_lines=False)
    for heading in ("行", "编号", "时间", "渠道", "谁", "内容"):
        table.add_column(heading, overflow="fold")
    contacts = done.contacts.set_index("contact_id")
    turns = done.utterances
    seen = sorted({*turns["position"].dropna().astype(int), *done.rejected["position"].astype(int)})[:N_ROWS]
    refused = dict(zip(done.rejected["position"], done.rejected["reason"], strict=True))
    by_position = dict(list(turns.groupby("position", sort=False)))
    for position in seen:
        if position in refused:
            why = REASON_NAMES.get(refused[position], refused[position])
            table.add_row(str(position), "", "", "", "", Text(f"拒收：{why}", style="red"))
            continue
        for turn in by_position[position].to_dict("records"):
            head = contacts.loc[turn["contact_id"]]
            at = turn["said_at"] if pd.notna(turn["said_at"]) else head["started_at"]
            table.add_row(
                str(position),
                Text(turn["contact_id"]),
                "" if pd.isna(at) else f"{at.tz_convert(zone):%Y-%m-%d %H:%M:%S}",
                channel_name(head["channel"]),
                _SPEAKERS.get(turn["speaker"], "不明"),
                # As plain text: [手机] is no markup.
                Text(_shortened(turn["text"])),
            )
    return table


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_CHARS else f"{text[:_MAX_CHARS]}…"


def _summary(done: Conformed) -> str:
    reasons = Counter(done.rejected["reason"])
    why = "，".join(f"{REASON_NAMES.get(reason, reason)} {n:,}" for reason, n in reasons.most_common())
    return (
        f"这个文件共 {len(done.contacts):,} 个联络、{len(done.utterances):,} 句话；"
        f"拒收 {len(done.rejected):,} 行{f'：{why}' if why else ''}"
    )
