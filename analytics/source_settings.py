"""What a source of `settings.toml` can say: where its records are, how they are fetched, what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analytics.errors import ConfigError
from analytics.presets import apply_preset
from analytics.source_limits import LimitSettings

Kind = Literal["call", "chat", "work_order", "review"]
"""`analytics.schema.KINDS`, said again: settings are read where a DAG is parsed, and tables bring Arrow along."""


class Frozen(BaseModel):
    """A group of settings: cannot be changed, knows its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SqlSettings(Frozen):
    """Rows of a database. `${NAME}` in the address is taken from the environment, so that no password is written."""

    url: str = Field(description="any SQLAlchemy address, as postgresql+psycopg://user:${PASSWORD}@host/db")
    table: str | None = Field(default=None, description="a table or view, with its schema where needed")
    query: str | None = Field(default=None, description="a SELECT in place of a table")
    cursor: str = Field(description="column that grows with every insert and update, as updated_at; never null")
    key: str = Field(description="column that tells rows with the same cursor apart")
    batch_rows: int = Field(default=20_000, ge=1, description="rows of one landing file")
    lag_seconds: float = Field(
        default=0.0, ge=0, description="how long a commit may come late: rows this much older than the last are re-read"
    )
    lag_rows: int = Field(
        default=1_000, ge=0, description="rows before the last that are re-read in any case, new ones among them taken"
    )

    @model_validator(mode="after")
    def _one_of(self) -> SqlSettings:
        if (self.table is None) == (self.query is None):
            raise ValueError("give either table or query")
        return self


class HttpSettings(Frozen):
    """Pages of a JSON interface. `${NAME}` in address, headers and parameters is taken from the environment."""

    url: str = Field(pattern=r"^https?://", description="address of the first page")
    headers: dict[str, str] = Field(default_factory=dict)
    params: dict[str, str] = Field(default_factory=dict)
    records: str = Field(default="", description="dotted path of the list of records in a page; empty: the page is it")
    paging: Literal["cursor", "page", "link", "none"] = "none"
    cursor_path: str = Field(
        default="", description="dotted path in a page: cursor: of the next cursor; link: of the next address"
    )
    cursor_param: str = Field(default="cursor", description="cursor: parameter that carries it")
    more_path: str = Field(
        default="", description="cursor, page: dotted path of whether there are more pages, where a page says so"
    )
    page_param: str = Field(default="page", description="page: parameter that carries the page's number")
    first_page: int = Field(default=1, ge=0, description="page: number of the first page")
    size_param: str | None = Field(default=None, description="parameter that carries the number of records a page")
    page_size: int = Field(default=100, ge=1)
    key: str = Field(description="dotted path of a record's id")
    since_path: str = Field(default="", description="dotted path of a record's time of change, to go on from next time")
    since_param: str = Field(
        default="", description="parameter that carries the last time of change; records of that very time come again"
    )
    batch_records: int = Field(default=5_000, ge=1, description="records of one landing file")
    timeout_seconds: float = Field(default=30.0, gt=0, description="longest silence within an answer")
    page_mb: int = Field(default=64, ge=1, description="largest answer, unpacked")
    page_seconds: float = Field(default=600.0, gt=0, description="longest time for an answer to come whole")
    attempts: int = Field(default=6, ge=1, description="tries of one page before giving up")
    max_wait_seconds: float = Field(default=120.0, gt=0, description="longest wait between tries, Retry-After included")

    @model_validator(mode="after")
    def _paths(self) -> HttpSettings:
        if self.paging == "cursor" and not self.cursor_path:
            raise ValueError("paging by cursor needs cursor_path: where a page says the next cursor")
        if bool(self.since_path) != bool(self.since_param):
            raise ValueError("give both since_path and since_param, or neither")
        return self


class SegmentSettings(Frozen):
    """Transcripts of a form of their own: where the turns are and what their keys mean (dotted paths)."""

    path: str = Field(default="segments", description="list of segments in a record")
    text: str = "text"
    speaker: str = "speaker"
    channel: str = Field(default="", description="key of the audio channel, where it tells who speaks")
    start: str = "start"
    end: str = "end"
    confidence: str = ""
    unit: Literal["seconds", "milliseconds"] = "seconds"


class SourceSettings(Frozen):
    """One source of records: where they are (one of `path`, `sql`, `http`) and what their columns mean."""

    path: str = Field(default="", description="a file, a folder or a glob; any address that fsspec knows")
    sql: SqlSettings | None = None
    http: HttpSettings | None = None
    preset: str | None = Field(default=None, description="ready-made meaning of columns, see docs/presets.md")
    kind: Kind
    format: Literal["rows", "contacts", "transcribe", "contact_lens", "whisperx", "segments"] = Field(
        default="rows",
        description="rows: a table of messages or texts; else transcripts, one record a contact with its turns",
    )
    segments: SegmentSettings = SegmentSettings()
    speakers: dict[str, Literal["customer", "agent", "bot", "system"]] = Field(
        default_factory=dict, description="value of the speaker column or channel → who it is"
    )
    gap_minutes: float | None = Field(
        default=None, gt=0, description="messages without a session's id: a silence of this length ends a session"
    )
    channel: str | None = Field(default=None, description="channel of all records, where no column says it")
    columns: dict[str, str | int] = Field(
        default_factory=dict, description="our column = theirs, by name or 1-based number"
    )
    agent_value: str | None = Field(default=None, description="value of the speaker column that means the agent")
    header: bool = True
    prefix_ids: bool = Field(
        default=True, description="put the source's name before its ids; only ids unique over all sources go without"
    )
    timezone: str | None = Field(
        default=None, description="zone of times that carry none; the general one if not given"
    )
    settle_seconds: float = Field(
        default=1.0, ge=0, description="a file that changes within this time is still being written: left for later"
    )
    part_megabytes: float = Field(
        default=32.0, gt=0, description="a file of records larger than this lands in parts of this size"
    )
    limits: LimitSettings = Field(default=LimitSettings(), description="what its files may hold at most")
    retention_days: int | None = Field(default=None, ge=1, description="records older than this are removed for good")

    @model_validator(mode="before")
    @classmethod
    def _with_preset(cls, values: Any) -> Any:
        """Fill in what the preset says and the source does not."""
        if not isinstance(values, Mapping):
            return values
        try:
            filled = apply_preset(values)
        except ConfigError as error:
            raise ValueError(str(error)) from error
        if "kind" not in filled:
            raise ValueError(f"kind is missing: give one of {', '.join(get_args(Kind))}, or a preset that says it")
        return filled

    @model_validator(mode="after")
    def _one_place(self) -> SourceSettings:
        if [bool(self.path), self.sql is not None, self.http is not None].count(True) != 1:
            raise ValueError("give one of path, sql or http")
        return self
