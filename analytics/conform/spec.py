"""What the rows of one source mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.errors import SchemaError
from analytics.schema import KINDS

ROLES: dict[str, str] = {
    "text": "what was said",
    "title": "title of a review or work order",
    "reply": "the agent's answer to it",
    "time": "when it was said or written",
    "ended": "when the contact ended",
    "id": "id of the contact (of the message, where `contact` is given)",
    "contact": "id of the session that a message belongs to",
    "speaker": "who said it",
    "customer": "the customer's number, phone or account",
    "agent": "the agent who answered",
    "team": "the agent's team",
    "channel": "phone, app, web, wechat, weibo or another",
    "product": "what it is about",
    "rating": "stars or CSAT",
    "category": "the source's own class of it",
    "status": "open, pending, closed … of a work order",
    "due": "time limit of a work order",
    "tier": "the customer's level at the source: vip, gold, 钻石会员",
    "transfers": "times the customer was handed on to another agent or team",
    "history": "course of a work order's status: a list of times and states",
    "phone": "the customer's phone number",
    "email": "the customer's e-mail",
    "unionid": "the customer's unionid",
    "openid": "the customer's openid",
    "device": "the customer's device",
    "order": "the order it is about",
    "login": "the customer's login name",
    "version": "when the record was last changed, or its version: the highest is the record as it now is",
    "deleted": "whether the record was deleted at its source",
}
"""The roles that columns of a source can have."""


FORMATS = ("rows", "contacts", "transcribe", "contact_lens", "whisperx", "segments")
"""Forms of records: a table of texts or messages, or transcripts in one of these forms (a record is a contact)."""


@dataclass(frozen=True)
class SourceSpec:
    """How the rows of a source become contacts.

    Attributes
    ----------
    source : str
        Name of the source.
    kind : {"call", "chat", "work_order", "review"}
        Kind of every contact of it.
    channel : str or None
        Channel of contacts for which no column says it; the kind's name if None.
    columns : mapping of str to str
        Role (see `ROLES`) → column of the frame. With a `contact` column rows are messages, else whole contacts.
    format : str
        Form of the records, one of `FORMATS`.
    segments : mapping of str to str
        Format "segments": where a record's turns are and what their keys mean, see `analytics.conform.transcripts`.
    speakers : mapping of str to str
        Value of a speaker column or label of a channel → customer, agent, bot or system; goes before the known words.
    gap_minutes : float or None
        Messages without a session's id: a silence of this length ends the session of a customer.
    agent_value : str or None
        Value of the speaker column that means the agent; every other value but those for bots and systems then means
        the customer.
    zone : str
        Zone of times that carry none.
    day_zone : str
        Zone whose local day a contact belongs to.
    prefix_ids : bool
        Whether contact ids get the source's name in front, as they must be unique over all sources.
    keeps_last : bool
        Whether of rows of one id in a file the last stays rather than the first, as where rows are fetched in order of
        change. Where there are versions or deletions the newest stays anyway.
    person_key : str
        Secret for hashing persons.
    file_tag : str
        Part of the ids of contacts that have none of their own, so that row 7 of two files is two contacts.
    """

    source: str
    kind: str
    channel: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    format: str = "rows"
    segments: Mapping[str, str] = field(default_factory=dict)
    speakers: Mapping[str, str] = field(default_factory=dict)
    gap_minutes: float | None = None
    agent_value: str | None = None
    zone: str = "Asia/Shanghai"
    day_zone: str = "Asia/Shanghai"
    prefix_ids: bool = True
    keeps_last: bool = False
    person_key: str = ""
    file_tag: str = ""

    @property
    def default_channel(self) -> str:
        """Channel of contacts for which no column says it."""
        return self.channel or ("phone" if self.kind == "call" else self.kind)

    @property
    def row_prefix(self) -> str:
        """What stands before the row number in an id made of it."""
        return f"{self.source}-{self.file_tag}" if self.file_tag else self.source

    def __post_init__(self) -> None:
        """Refuse an unknown kind or role."""
        if self.kind not in KINDS:
            raise SchemaError(f"source {self.source}: kind must be one of {', '.join(KINDS)}; got {self.kind!r}")
        refuse_unknown_roles(self.columns, self.source)


def refuse_unknown_roles(columns: Mapping[str, str | int], source: str) -> None:
    """Raise `SchemaError` naming the first role that is none."""
    for role in columns:
        if role not in ROLES:
            raise SchemaError(f"source {source}: columns.{role} is no role; known roles: {', '.join(ROLES)}")
