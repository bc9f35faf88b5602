"""Topics of contacts corrected by people: read for a conversation, and written for the next run."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.exc import SQLAlchemyError

from analytics.errors import ConfigError
from analytics.inbox.topic_labels import TopicLabel, TopicLabels
from dashboards.data import contacts, topics
from dashboards.data.inbox import inbox_is_there
from dashboards.data.labels import not_written
from dashboards.data.source import Source
from dashboards.given import given


class ContactTopics:
    """The corrections of an inbox. An inbox in a file that does not exist is not created."""

    def __init__(self, inbox_url: str) -> None:
        self._url = inbox_url
        self._opened: TopicLabels | None = None

    def of(self, contact_id: str) -> str | None:
        """Return the topic people gave a contact ('' = none of them); None where nobody did."""
        try:
            return self._labels().holding(contact_id).get(contact_id)
        except (ConfigError, SQLAlchemyError):
            return None

    def correct(self, source: Source, contact_id: str, topic_id: str, *, by: str) -> None:
        """Keep what somebody says a contact is about.

        Raises
        ------
        ConfigError
            If the contact is not published, there is no such topic, or there is no inbox to write.
        """
        found = contacts.contact(source, contact_id)
        if found.empty or (topic_id and topics.labels(source, [topic_id]).empty):
            raise ConfigError("topic label: expected a contact and a topic that are published; nothing was kept")
        was = found["topic_id"].iloc[0]
        made = TopicLabel(
            contact_id=contact_id, topic_id=topic_id, was=str(was) if given(was) else None, made_by=by,
            made_at=dt.datetime.now(dt.UTC),
        )  # fmt: skip
        try:
            self._labels().make(made)
        except SQLAlchemyError as error:
            raise not_written(error) from error

    def undo(self, contact_id: str) -> None:
        """Let the model's topic hold again.

        Raises
        ------
        ConfigError
            If there is no inbox to write.
        """
        try:
            self._labels().undo(contact_id, dt.datetime.now(dt.UTC))
        except SQLAlchemyError as error:
            raise not_written(error) from error

    def _labels(self) -> TopicLabels:
        if not inbox_is_there(self._url):
            raise ConfigError("inbox: expected a database, found none; kesheng run makes it")
        if self._opened is None:
            self._opened = TopicLabels(self._url)
        return self._opened
