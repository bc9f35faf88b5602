"""What `settings.toml` can say about the weekly report: who gets it by mail, with whose rows, in which language."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from analytics.source_settings import Frozen


class LetterSettings(Frozen):
    """One mail of the weekly report."""

    to: tuple[str, ...] = Field(min_length=1, description="who gets it")
    role: str = Field(default="", description="whose rows it has, a role of data/views; '' = all")
    language: Literal["zh-CN", "en"] = "zh-CN"

    @field_validator("to", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


class ReportSettings(Frozen):
    """Who gets the weekly report."""

    channel: str = Field(default="", description="a channel of kind mail; the only one of notify.channels if not given")
    to: tuple[str, ...] = Field(default=(), description="who gets it whole, in `language`; more with reports.letters")
    language: Literal["zh-CN", "en"] = "zh-CN"
    letters: tuple[LetterSettings, ...] = Field(default=(), description="mails for others: to, role, language")

    @field_validator("to", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @property
    def all_letters(self) -> tuple[LetterSettings, ...]:
        """Every mail that goes out.

        Examples
        --------
        >>> [letter.role for letter in ReportSettings(to="a@example.com", letters=[{"to": "b@x", "role": "product"}])
        ...  .all_letters]
        ['', 'product']
        """
        whole = (LetterSettings(to=self.to, language=self.language),) if self.to else ()
        return (*whole, *self.letters)
