"""What a tag is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field


class TagRule(BaseModel):
    """One tag, as a file of data/tags declares it; the SQL is DuckDB's.

    Attributes
    ----------
    name : str
        Its key.
    label, description : str
        What people see.
    window_days : int
        Local days looked at, the day itself and those before it.
    evidence : str
        True of a contact that counts: an expression over the columns of `judge.CONTACT_COLUMNS` and `judge.COMPUTED`.
    condition : str
        True of a person who has the tag: an aggregate over the contacts that count.
    value : str
        What the tag says, an aggregate: a number, a channel.
    detail : str
        One sentence for people, an aggregate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    label: str = Field(min_length=1, max_length=20)
    description: str = Field(min_length=1)
    window_days: int = Field(ge=1, le=400)
    evidence: str = "true"
    condition: str
    value: str = "count(*)"
    detail: str = "'近 ' || window_days || ' 天 ' || count(*) || ' 次'"


@dataclass(frozen=True)
class Tagset:
    """Tags in use; data only, so that they can travel to workers."""

    tags: tuple[TagRule, ...]

    @property
    def digest(self) -> str:
        """A text that changes whenever a rule does."""
        said = [tag.model_dump() for tag in self.tags]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def look_back_days(self) -> int:
        """Days before a day that a rule reads."""
        return max((tag.window_days for tag in self.tags), default=1) - 1
