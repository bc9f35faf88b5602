"""What people decide about alerts: who looks after one, silence, the end, a verdict, a comment."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from analytics.errors import ConfigError
from analytics.inbox.database import reading, writing
from analytics.inbox.mutes import covering, mute_of
from analytics.inbox.records import Matter, Mute
from analytics.inbox.rows import asked, note
from analytics.inbox.tables import AlertRow, CommentRow, MuteRow
from analytics.inbox.wishes import Standing, check_seen

MUTE = dt.timedelta(days=7)
"""How long a mute lasts unless said otherwise. Our choice: a week covers the weekly cycle."""
_LONGEST_NAME = 100


class Decisions:
    """The part of `Inbox` that people write to. Every decision stands in the alert's history.

    Who looked at an alert before deciding may give how it stood then as `seen`.

    Raises
    ------
    ConfigError
        From every method that takes an alert's id, if there is no such alert; then nothing is changed.
    DecidedMeanwhileError
        If the alert does not stand as it was `seen` any more; then nothing is changed either.
    """

    _engine: Engine

    def acknowledge(self, alert_id: str, by: str, at: dt.datetime, *, seen: Standing | None = None) -> None:
        """Record that somebody looks after it; `by` becomes the owner."""
        self._decide(alert_id, "acknowledged", (by, at), seen)

    def resolve(self, alert_id: str, by: str, at: dt.datetime, *, seen: Standing | None = None) -> None:
        """Record that it is over."""
        self._decide(alert_id, "resolved", (by, at), seen)

    def false_alarm(self, alert_id: str, by: str, at: dt.datetime, *, seen: Standing | None = None) -> None:
        """Record that it was no incident (正常波动): the next runs expect the like of this key."""
        self._decide(alert_id, "false_alarm", (by, at), seen)

    def reopen(self, alert_id: str, by: str, at: dt.datetime, *, seen: Standing | None = None) -> None:
        """Take back what was decided: it is open again."""
        self._decide(alert_id, "open", (by, at), seen, what="reopened")

    def assign(self, alert_id: str, owner: str, by: str, at: dt.datetime, *, seen: Standing | None = None) -> None:
        """Give it to somebody; its state stays."""
        with writing(self._engine) as session:
            row = asked(session, alert_id)
            check_seen(row, seen)
            row.owner = owner[:_LONGEST_NAME]
            note(session, alert_id, "assigned", at, by, owner[:_LONGEST_NAME])

    def comment(self, alert_id: str, text: str, by: str, at: dt.datetime) -> None:
        """Write something about it. The text is for people to read and stays out of the history."""
        with writing(self._engine) as session:
            asked(session, alert_id)
            session.add(CommentRow(alert_id=alert_id, at=at, by=by[:_LONGEST_NAME], text=text.replace("\0", "")))
            note(session, alert_id, "commented", at, by)

    def mute(
        self,
        alert_id: str,
        by: str,
        at: dt.datetime,
        *,
        until: dt.datetime | None = None,
        why: str = "",
        seen: Standing | None = None,
    ) -> int:
        """Silence this alert and later ones of its kind, key and channel until then; return the mute's number."""
        with writing(self._engine) as session:
            row = asked(session, alert_id)
            check_seen(row, seen)
            end = until or at + MUTE
            _set_state(row, "muted", by, at)
            note(session, alert_id, "muted", at, by, f"到 {end.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC")
            mute = MuteRow(kind=row.kind or None, key=row.key, channel=row.channel, since=at, until=end)
            return _keep(session, mute, by, why)

    def mute_matter(self, matter: Matter, by: str, at: dt.datetime, *, until: dt.datetime, why: str = "") -> int:
        """Silence what is to come of a matter until then; return the mute's number. Alerts there are stay as they are.

        Raises
        ------
        ConfigError
            If the matter names nothing: that would silence everything.
        """
        if matter == Matter():
            raise ConfigError("mute: expected at least one of kind, key and channel, got none; nothing was kept")
        mute = MuteRow(kind=matter.kind, key=matter.key, channel=matter.channel, since=at, until=until)
        with writing(self._engine) as session:
            return _keep(session, mute, by, why)

    def withdraw_mute(self, mute_id: int, at: dt.datetime) -> Mute:
        """Let one mute hold no longer; return it. Alerts that it silenced stay as they are.

        Raises
        ------
        ConfigError
            If there is no such mute.
        """
        with writing(self._engine) as session:
            row = session.get(MuteRow, mute_id)
            if row is None:
                raise ConfigError(f"mute: expected the number of a mute, got {mute_id}; nothing was changed")
            row.withdrawn_at = row.withdrawn_at or at
            return mute_of(row)

    def unmute(self, alert_id: str, by: str, at: dt.datetime, *, seen: Standing | None = None) -> int:
        """Let the mutes that cover an alert hold no longer; it is open again if muted. Return how many there were."""
        with writing(self._engine) as session:
            row = asked(session, alert_id)
            check_seen(row, seen)
            mutes = session.scalars(select(MuteRow).where(*covering(row), MuteRow.until > at)).all()
            for mute in mutes:
                mute.withdrawn_at = at
            if row.state == "muted":
                _set_state(row, "open", by, at)
            note(session, alert_id, "unmuted", at, by)
            return len(mutes)

    def mutes(self, at: dt.datetime | None = None) -> list[Mute]:
        """Return the mutes that hold at a time; all that ever were, if not given. Oldest first."""
        query = select(MuteRow).order_by(MuteRow.mute_id)
        if at is not None:
            query = query.where(MuteRow.withdrawn_at.is_(None), MuteRow.since <= at, MuteRow.until > at)
        with reading(self._engine) as session:
            return [mute_of(row) for row in session.scalars(query)]

    def _decide(
        self, alert_id: str, state: str, who: tuple[str, dt.datetime], seen: Standing | None, what: str | None = None
    ) -> None:
        by, at = who
        with writing(self._engine) as session:
            row = asked(session, alert_id)
            check_seen(row, seen)
            _set_state(row, state, by, at)
            note(session, alert_id, what or state, at, by)


def _set_state(row: AlertRow, state: str, by: str, at: dt.datetime) -> None:
    name = by[:_LONGEST_NAME]
    row.state, row.changed_at, row.changed_by = state, at, name
    if state == "acknowledged" or (row.owner is None and state != "open"):
        row.owner = name
    if state == "open":
        row.calmed_at = None


def _keep(session: Session, mute: MuteRow, by: str, why: str) -> int:
    if mute.until <= mute.since:
        raise ConfigError(
            f"mute: expected an end after {mute.since:%Y-%m-%d %H:%M} UTC, got {mute.until:%Y-%m-%d %H:%M}; "
            "nothing was kept"
        )
    mute.made_by, mute.why = by[:_LONGEST_NAME], why.replace("\0", "")
    session.add(mute)
    session.flush()
    return mute.mute_id
