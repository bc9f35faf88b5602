"""Customer tags: rules over a person's contacts of some days, with the contacts behind each."""

from __future__ import annotations

from analytics.tags.judge import person_tags
from analytics.tags.load import load_tags
from analytics.tags.rule import TagRule, Tagset

__all__ = ["TagRule", "Tagset", "load_tags", "person_tags"]
