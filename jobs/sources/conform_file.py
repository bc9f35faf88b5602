"""Conform one landing file: what a worker does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analytics.conform import Conformed, SourceSpec, conform_contacts, conform_rows
from analytics.errors import ConfigError
from analytics.settings import Settings, SourceSettings
from jobs.sources.file_records import columns_of, original_name
from jobs.sources.files import read_contacts, read_rows
from jobs.sources.manifest import LandedFile


def conform_landed(file: LandedFile, settings: Settings) -> Conformed:
    """Conform a landing file as its source is configured.

    Raises
    ------
    ConfigError
        If the source it came from is no longer configured.
    InputFileError, SchemaError
        If the file cannot be read, or has not the columns of its source.
    """
    source = settings.sources.get(file.source)
    if source is None:
        raise ConfigError(
            f"landing holds {file.file} of source {file.source!r}, which is not configured; add [sources.{file.source}]"
            " to settings.toml, or remove the file from landing"
        )
    tag = file.tag if source.prefix_ids else ""
    spec = source_spec(file.source, source, settings.timezone, person_key=settings.person_key, file_tag=tag)
    return conform_file(settings.landing / file.file, file.source_as_read(source), spec, file=file.file)


def source_spec(
    name: str, source: SourceSettings, zone: str, *, person_key: str = "", file_tag: str = ""
) -> SourceSpec:
    """Return what the rows of a configured source mean, its columns not yet found."""
    return SourceSpec(
        source=name,
        kind=source.kind,
        channel=source.channel,
        format=source.format,
        segments=source.segments.model_dump(),
        speakers=source.speakers,
        gap_minutes=source.gap_minutes,
        keeps_last=source.path == "",
        agent_value=source.agent_value,
        zone=source.timezone or zone,
        day_zone=zone,
        prefix_ids=source.prefix_ids,
        person_key=person_key,
        file_tag=file_tag,
    )


def conform_file(path: Path, source: SourceSettings, spec: SourceSpec, *, file: str = "") -> Conformed:
    """Read a file and conform its records.

    Parameters
    ----------
    path : Path
        The file.
    source : SourceSettings
        Its format, header and columns. Columns given there are all that are used; if none are given, all are guessed.
    spec : SourceSpec
        The rest, as `source_spec` makes it; its columns are replaced.
    file : str
        How tables `contact` and `rejected` call the file; the file's name if not given.
    """
    name = file or path.name
    if source.format != "rows":
        found = read_contacts(path, source.format, source.limits)
        spec = replace(spec, columns={role: str(key) for role, key in source.columns.items()})
        named = original_name(path)
        return conform_contacts(found.records, spec, file=name, original=named, refused=found.refused)
    table = read_rows(path, header=None if source.header else False, limits=source.limits)
    spec = replace(spec, columns=columns_of(table, source))
    return conform_rows(table.frame, table.positions, spec, file=name, refused=table.refused)
