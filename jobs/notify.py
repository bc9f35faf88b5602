"""notify: what is pending in the inbox → the console and the webhook.

    python -m jobs.notify

A message that could not be sent stays pending, with the number of attempts and the reason, and goes out with the next
run. What was sent is never sent again; what a person has seen to in the meantime is not sent at all.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.markup import escape

from analytics.inbox import Alert, Delivery, Inbox
from analytics.names import SEVERITY_NAMES
from analytics.settings import Settings, load_settings
from jobs.command import run_command
from jobs.webhook import HookDownError, HookRefusedError, Webhook

_log = logging.getLogger(__name__)
_STYLES = {"high": "bold red", "medium": "yellow", "low": "cyan"}

Send = Callable[[Alert], None]


def run(settings: Settings, *, now: dt.datetime | None = None) -> dict[str, int]:
    """Send what is pending; return how many messages were `sent` and how many are still `unsent`."""
    inbox = Inbox(settings.inbox_url)
    try:
        pending = inbox.pending()
        url = settings.notify.webhook_url
        with Webhook(url.get_secret_value() if url else None) as webhook:
            senders: dict[str, Send] = {"console": show, "webhook": webhook.send}
            n_sent = sum(
                _send_all(inbox, [row for row in pending if row.way == way], send, now or dt.datetime.now(dt.UTC))
                for way, send in senders.items()
            )
    finally:
        inbox.close()
    return {"sent": n_sent, "unsent": len(pending) - n_sent}


def show(alert: Alert) -> None:
    """Write an alert to the terminal, on stderr; stdout is for data."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    name = SEVERITY_NAMES.get(alert.severity, alert.severity)
    console.print(f"[{_STYLES.get(alert.severity, 'bold')}]【{name}】[/] [bold]{escape(alert.title)}[/bold]")
    console.print(escape(alert.body))
    console.print()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; --day and --to are taken and ignored, all that is pending goes out."""
    return run_command("notify", "Send pending alerts.", arguments, lambda given: run(load_settings()))


def _send_all(inbox: Inbox, deliveries: Sequence[Delivery], send: Send, now: dt.datetime) -> int:
    """Send one way's messages, each recorded at once; stop at the first sign that the other side is down."""
    n_sent = 0
    for n_tried, delivery in enumerate(deliveries):
        try:
            send(delivery.alert)
        except (HookDownError, HookRefusedError) as error:
            inbox.mark_failed(delivery.alert.alert_id, delivery.way, str(error))
            if isinstance(error, HookDownError):
                _log.warning("%s; %d messages stay pending for the next run", error, len(deliveries) - n_tried)
                break
            _log.warning("%s; alert %s stays pending", error, delivery.alert.alert_id)
        else:
            inbox.mark_sent(delivery.alert.alert_id, delivery.way, now)
            n_sent += 1
    return n_sent


if __name__ == "__main__":
    sys.exit(main())
