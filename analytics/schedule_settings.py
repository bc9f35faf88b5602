"""What `settings.toml` can say about when the DAGs run."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from analytics.source_settings import Frozen

_CRON_FIELD = re.compile(r"[\d*,/\-]+")


class ScheduleSettings(Frozen):
    """When Airflow starts the DAGs, as cron expressions on the local clock (`timezone`)."""

    collect: str = Field(default="*/15 * * * *", description="fetch what is new; `analyze` follows by itself")
    daily_after_hours: float = Field(
        default=2.0, ge=0, le=24, description="hours after midnight at which the day before is worked through once more"
    )
    retrain: str = Field(default="30 3 * * 1", description="fit the models again")
    report: str = Field(default="0 8 * * 1", description="write and mail last week's report")
    retention: str = Field(default="30 2 * * *", description="delete what is too old")

    @field_validator("collect", "retrain", "report", "retention")
    @classmethod
    def _cron(cls, value: str) -> str:
        fields = value.split()
        if len(fields) != 5 or not all(_CRON_FIELD.fullmatch(field) for field in fields):
            raise ValueError(f"expected a cron expression of five fields in digits, as */15 * * * *, got {value!r}")
        return value
