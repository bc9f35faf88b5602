"""Moods corrected by people: read for a conversation, and written for the next training."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.exc import SQLAlchemyError

from analytics.errors import ConfigError
from analytics.inbox.labels import MoodLabel, MoodLabels
from analytics.schema import LABELS
from dashboards.data import contacts
from dashboards.data.inbox import MADE_BY, inbox_is_there
from dashboards.data.source import Source

WHOLE = -1
"""Stands for the contact as a whole where a number of a turn is expected: an id in a page cannot be null."""


class Labels:
    """The corrections of an inbox. An inbox in a file that does not exist is not created."""

    def __init__(self, inbox_url: str) -> None:
        self._url = inbox_url
        self._opened: MoodLabels | None = None

    def of(self, contact_id: str) -> dict[int, str]:
        """Return the corrected label of each turn, and of `WHOLE`; empty where there is no inbox to read."""
        try:
            found = self._labels().holding(contact_id)
        except (ConfigError, SQLAlchemyError):
            return {}
        return {WHOLE if label.turn is None else label.turn: label.label for label in found}

    def correct(self, source: Source, contact_id: str, turn: int, label: str, *, by: str = MADE_BY) -> None:
        """Keep what somebody (`by`) says the mood of a turn (or of `WHOLE`) is.

        Raises
        ------
        ConfigError
            If the contact or turn is not published, the label is none, or there is no inbox to write.
        """
        if label not in LABELS:
            raise ConfigError(f"mood label: expected one of {', '.join(LABELS)}, got {label!r}")
        was_label, was_score = _published(source, contact_id, turn)
        made = MoodLabel(
            contact_id=contact_id,
            turn=None if turn == WHOLE else turn,
            label=label,
            was_label=was_label,
            was_score=was_score,
            made_by=by,
            made_at=dt.datetime.now(dt.UTC),
        )
        try:
            self._labels().make(made)
        except SQLAlchemyError as error:
            raise not_written(error) from error

    def undo(self, contact_id: str, turn: int) -> None:
        """Let the model's mood hold again.

        Raises
        ------
        ConfigError
            If there is no inbox to write.
        """
        try:
            self._labels().undo(contact_id, None if turn == WHOLE else turn, dt.datetime.now(dt.UTC))
        except SQLAlchemyError as error:
            raise not_written(error) from error

    def _labels(self) -> MoodLabels:
        if not inbox_is_there(self._url):
            raise ConfigError("inbox: expected a database, found none; kesheng run makes it")
        if self._opened is None:
            self._opened = MoodLabels(self._url)
        return self._opened


def _published(source: Source, contact_id: str, turn: int) -> tuple[str | None, float | None]:
    """Return label and score as published of a contact or of one of its customer's turns."""
    rows = contacts.contact(source, contact_id) if turn == WHOLE else contacts.turns(source, contact_id)
    if turn != WHOLE:
        rows = rows[(rows["turn"] == turn) & (rows["speaker"] == "customer")]
    if rows.empty:
        raise ConfigError("mood label: expected a contact and a customer's turn that are published; nothing was kept")
    label, score = rows["sentiment_label"].iloc[0], rows["sentiment_score"].iloc[0]
    return (str(label), float(score)) if isinstance(label, str) else (None, None)


def not_written(error: SQLAlchemyError) -> ConfigError:
    """Return what to say of an inbox that refused a row."""
    return ConfigError(f"inbox: cannot be written ({type(error).__name__}); look at its rights and its disk")
