"""What a rule file says: categories, their conditions, and what makes a match certain or void."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from analytics.schema.table import KINDS

Phrases = tuple[str, ...]
"""Words to look for; `@name` stands for the list of that name."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Around(_Strict):
    """Words near a match; it holds where any of them stands at its place.

    Attributes
    ----------
    before, after : tuple of str
        At most `within` characters before or after the match, in its clause.
    inside : tuple of str
        Longer words that the match is a part of: 垃圾桶 is no 垃圾.
    match : tuple of str
        In the match itself.
    clause, turn : tuple of str
        Anywhere in the clause or the turn of the match.
    """

    before: Phrases = ()
    after: Phrases = ()
    inside: Phrases = ()
    match: Phrases = ()
    clause: Phrases = ()
    turn: Phrases = ()
    within: int = Field(default=4, ge=0, le=60, description="characters between the word and the match")

    def places(self) -> dict[str, Phrases]:
        """Return the words of each place that has some."""
        names = ("before", "after", "inside", "match", "clause", "turn")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    @model_validator(mode="after")
    def _says_something(self) -> Around:
        if not self.places():
            raise ValueError("expected words under before, after, inside, match, clause or turn; got none")
        return self


class Cue(Around):
    """Words that make a match more (weight above 0) or less likely to be what it seems."""

    weight: float = Field(ge=-10, le=10, description="added to the log-odds")


class Confidence(_Strict):
    """How sure a match is: 1 / (1 + exp(-(base + mood × -score + weights of the cues that hold)))."""

    base: float = Field(default=0.0, ge=-10, le=10, description="log-odds of a match by itself")
    mood: float = Field(default=0.0, ge=0, le=10, description="weight of the turn's mood, score -1 to 1 turned round")
    least: float = Field(default=0.5, ge=0, le=1, description="a match less sure than this is none")


class Turns(_Strict):
    """The first or the last turns of a speaker in a contact."""

    first: int | None = Field(default=None, ge=1)
    last: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_of_both(self) -> Turns:
        if (self.first is None) == (self.last is None):
            raise ValueError("expected either first = N or last = N")
        return self


class Condition(_Strict):
    """One condition; several keys in one are all needed.

    In a file a text stands for its phrase, and a list for `any` of its members.
    """

    phrases: Phrases = ()
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    not_: Condition | None = Field(default=None, alias="not")
    near: tuple[Phrases, Phrases] | None = None
    within: int = Field(default=8, ge=0, le=200, description="between the two of near")
    unit: Literal["characters", "tokens"] = "characters"
    across: Literal["clause", "turn"] = "clause"
    ordered: bool = False
    regex: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"phrases": (value,)}
        if isinstance(value, list | tuple):
            value = {"any": value}
        if isinstance(value, dict) and isinstance(value.get("any"), list | tuple):
            words = tuple(part for part in value["any"] if isinstance(part, str))
            rest = [part for part in value["any"] if not isinstance(part, str)]
            if words and not rest and "phrases" not in value:
                return {**{k: v for k, v in value.items() if k != "any"}, "phrases": words}
            return {**value, "any": [*([{"phrases": words}] if words else []), *rest]}
        return value

    @field_validator("near", mode="before")
    @classmethod
    def _two_lists(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise ValueError('expected two lists of words, as near = [["发货"], ["催", "快点"]]')
        return tuple((side,) if isinstance(side, str) else tuple(side) for side in value)

    @field_validator("regex")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"expected a regular expression, {error}") from error
        return value

    @model_validator(mode="after")
    def _asks_something(self) -> Condition:
        if not (self.phrases or self.all or self.any or self.not_ or self.near or self.regex):
            raise ValueError("expected phrases, all, any, not, near or regex; got none")
        return self

    def nodes(self) -> Iterator[Condition]:
        """Yield the condition and all within it, those under `not` left out."""
        yield self
        for part in (*self.all, *self.any):
            yield from part.nodes()

    def needs_no_words(self) -> bool:
        """Whether it can hold where none of its phrases stands: a regular expression or a `not` alone."""
        parts = [part.needs_no_words() for part in self.all]
        parts += [any(part.needs_no_words() for part in self.any)] if self.any else []
        return not self.phrases and self.near is None and all(parts)


class Example(_Strict):
    """A contact that the rule must find or must not: one turn, or several."""

    turns: Phrases = Field(min_length=1)
    score: float | None = Field(default=None, ge=-1, le=1, description="mood of the turns")

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"turns": (value,)}
        return {"turns": value} if isinstance(value, list | tuple) else value


class Category(_Strict):
    """One category of contacts and the rule that finds it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    kind: Literal["strong", "category"] = "category"
    severity: Literal["high", "medium", "low"] = "low"
    description: str = Field(min_length=1)
    speaker: Literal["customer", "agent", "any"] = "customer"
    turns: Turns | None = None
    kinds: Phrases = ()
    channels: Phrases = ()
    scope: Literal["turn", "contact"] = "turn"
    mood: Literal["negative", "neutral", "positive"] | None = None
    max_score: float | None = Field(default=None, ge=-1, le=1)
    when: Condition
    unless: tuple[Around, ...] = ()
    cue: tuple[Cue, ...] = ()
    confidence: Confidence | None = None
    hits: tuple[Example, ...] = ()
    misses: tuple[Example, ...] = ()

    @field_validator("unless", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @field_validator("kinds")
    @classmethod
    def _known(cls, value: Phrases) -> Phrases:
        unknown = [kind for kind in value if kind not in KINDS]
        if unknown:
            raise ValueError(f"expected some of {', '.join(KINDS)}")
        return value

    @model_validator(mode="after")
    def _can_be_shown(self) -> Category:
        if not any(node.phrases or node.near or node.regex for node in self.when.nodes()):
            raise ValueError("when: expected a phrase, near or regex outside of not: a hit must have evidence")
        if self.cue and self.confidence is None:
            raise ValueError("cue: a cue has a weight in confidence; expected [category.confidence] too")
        return self

    @property
    def speakers(self) -> Phrases:
        """Who may say it."""
        return ("customer", "agent") if self.speaker == "any" else (self.speaker,)

    @property
    def reads_mood(self) -> bool:
        """Whether a turn's mood matters to it."""
        return bool(self.mood or self.max_score is not None or (self.confidence and self.confidence.mood))

    def allows_score(self, score: float | None, label: str | None) -> bool:
        """Return whether a turn of this mood may meet the rule; a turn without a mood meets none that asks for one."""
        if self.mood is not None and label != self.mood:
            return False
        return self.max_score is None or (score is not None and score <= self.max_score)
