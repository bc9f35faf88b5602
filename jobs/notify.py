"""notify: what is pending in the inbox → the console and the channels of the settings.

    python -m jobs.notify

A message that could not be sent stays pending, with the number of attempts and the reason, and goes out with a later
run; one that is refused again and again is given up. What was sent is never sent again; what a person has seen to in
the meantime is not sent at all. A channel that is down or slow does not keep the others waiting for long.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from analytics.errors import ConfigError
from analytics.inbox import Delivery, Inbox
from analytics.inbox.letter import letter_of
from analytics.notify_settings import NotifySettings
from analytics.settings import Settings, load_settings
from jobs.command import run_command
from jobs.inbox import again_if_cut, open_inbox, patiently
from jobs.run_log import recorded_whole
from jobs.senders.opening import Sender, open_sender
from jobs.senders.outcome import MAY_HAVE_ARRIVED, ChannelDownError, Message, RefusedError, ThrottledError
from jobs.senders.pace import RATES, Pace, Rate

_log = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]


@patiently
def run(
    settings: Settings,
    *,
    now: dt.datetime | None = None,
    environ: Mapping[str, str] | None = None,
    kind: str | None = None,
) -> dict[str, int]:
    """Send what is due.

    Parameters
    ----------
    now : datetime, optional
        The clock stands at this time; it runs if not given.
    environ : mapping of str to str, optional
        Where secrets of channels are; this process' environment if not given.
    kind : str, optional
        Only messages of this kind of alert; of every kind if not given.

    Returns
    -------
    dict of str to int
        How many messages were `sent`, and how many that were due are `unsent`.
    """

    def clock() -> dt.datetime:
        return now or dt.datetime.now(dt.UTC)

    with recorded_whole("notify", settings) as counts:
        counts.rows_in, counts.rows_out = _send_due(settings, clock, os.environ if environ is None else environ, kind)
    return {"sent": counts.rows_out, "unsent": counts.rows_in - counts.rows_out}


def _send_due(settings: Settings, clock: Clock, environ: Mapping[str, str], kind: str | None) -> tuple[int, int]:
    """Return how many messages were due, and how many went."""
    inbox = open_inbox(settings)
    try:
        # Those in doubt first: what follows on a message goes out after it.
        found = [*inbox.in_doubt(clock()), *inbox.pending(clock())]
        found = [delivery for delivery in found if kind in (None, delivery.alert.kind)]
        due = _without_old_news(inbox, found, settings.notify, clock())
        _warn_of_the_homeless(due, settings.notify)
        n_sent = 0
        for name in settings.notify.all_channels:
            deliveries = [delivery for delivery in due if delivery.way == name]
            if deliveries and not inbox.waits(name, clock()):
                run_of = _ChannelRun(inbox, name, settings.notify, clock)
                n_sent += run_of.send(deliveries, environ)
    finally:
        inbox.close()
    return len(due), n_sent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; --day and --to are taken and ignored, all that is pending goes out."""
    return run_command("notify", "Send pending alerts.", arguments, lambda given: run(load_settings()))


class _ChannelRun:
    """One channel's messages in one run."""

    def __init__(self, inbox: Inbox, name: str, notify: NotifySettings, clock: Clock) -> None:
        self._inbox, self._name, self._notify, self._clock = inbox, name, notify, clock

    def send(self, deliveries: Sequence[Delivery], environ: Mapping[str, str]) -> int:
        """Send them, each recorded at once, until the other side is down; return how many went."""
        try:
            sender = open_sender(self._name, self._notify, environ)
        except (ConfigError, RefusedError) as error:
            _log.warning("%s; %d messages stay pending", error, len(deliveries))
            return 0
        try:
            return self._send_all(sender, deliveries, self._pace(sender.kind))
        finally:
            sender.close()

    def _pace(self, kind: str) -> Pace:
        rate, per_minute = RATES.get(kind, Rate()), self._notify.all_channels[self._name].per_minute
        if per_minute is not None:
            rate = Rate(per_minute, rate.gap_seconds)
        return Pace(rate, self._notify.patience_seconds)

    def _send_all(self, sender: Sender, deliveries: Sequence[Delivery], pace: Pace) -> int:
        n_sent, refused = 0, set()
        for n_tried, delivery in enumerate(deliveries):
            n_left = len(deliveries) - n_tried
            if delivery.alert.alert_id in refused:
                continue
            if not pace.take_turn():
                _log.warning("%s: its rate is reached; %d messages wait for the next run", self._name, n_left)
                break
            alert_id = delivery.alert.alert_id
            if not self._inbox.claim(alert_id, self._name, self._clock()):
                continue  # another process has it
            try:
                sender.send(_message(delivery))
            except ChannelDownError as error:
                self._postpone(alert_id, error)
                _log.warning("%s; %d messages stay pending for a later run", error, n_left)
                break
            except RefusedError as error:
                self._refused(delivery, error)
                refused.add(alert_id)
            else:
                # A message that went and is not noted would go twice.
                again_if_cut(lambda sent=alert_id: self._inbox.mark_sent(sent, self._name, self._clock()))  # type: ignore[misc]
                n_sent += 1
        return n_sent

    def _postpone(self, alert_id: str, error: ChannelDownError) -> None:
        retry_at = None
        if isinstance(error, ThrottledError):
            retry_at = self._clock() + dt.timedelta(seconds=error.retry_seconds)
        self._inbox.mark_failed(alert_id, self._name, str(error), retry_at)

    def _refused(self, delivery: Delivery, error: RefusedError) -> None:
        """Note a refusal; after the last attempt the message is given up, so that nothing is tried for ever."""
        alert_id = delivery.alert.alert_id
        if delivery.n_attempts + 1 >= self._notify.attempts:
            self._inbox.give_up(alert_id, self._name, str(error), self._clock())
            _log.warning("%s; alert %s is given up on this channel", error, alert_id)
            return
        self._inbox.mark_failed(alert_id, self._name, str(error))
        _log.warning("%s; alert %s stays pending", error, alert_id)


def _message(delivery: Delivery) -> Message:
    repeated = delivery.possible_repeat or MAY_HAVE_ARRIVED in (delivery.last_error or "")
    letter = letter_of(delivery.alert, delivery.reason, repeated=repeated)
    return Message(letter, delivery.delivery_id, delivery.alert)


def _without_old_news(
    inbox: Inbox, due: Sequence[Delivery], notify: NotifySettings, now: dt.datetime
) -> list[Delivery]:
    """Give up what could not go out for long: after a week a channel that is back shall not tell last week's alerts."""
    since = now - dt.timedelta(hours=notify.keep_hours)
    fresh = []
    for delivery in due:
        alert = delivery.alert
        if (alert.last_changed_at or alert.created_at) >= since:
            fresh.append(delivery)
        elif inbox.claim(alert.alert_id, delivery.way, now):
            why = f"{delivery.way}: could not go out for {notify.keep_hours:g} h; {delivery.last_error or 'not tried'}"
            inbox.give_up(alert.alert_id, delivery.way, why, now)
    return fresh


def _warn_of_the_homeless(due: Sequence[Delivery], notify: NotifySettings) -> None:
    for way in sorted({delivery.way for delivery in due} - set(notify.all_channels)):
        n = sum(delivery.way == way for delivery in due)
        _log.warning("notify.channels has no %r any more; %d messages stay pending for it", way, n)


if __name__ == "__main__":
    sys.exit(main())
