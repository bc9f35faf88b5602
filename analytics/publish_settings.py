"""What `settings.toml` can say about the published warehouse."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from analytics.source_settings import Frozen


class PublishSettings(Frozen):
    """How the warehouse is kept."""

    verbatims: Literal["auto", "inside", "beside"] = Field(
        default="auto",
        description="turns in voc.duckdb itself, as Parquet in voc.parts beside it, or there from 100 MB in the lake",
    )
