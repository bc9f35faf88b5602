"""Show messages on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from jobs.senders.outcome import Message

_STYLES = {"high": "bold red", "medium": "yellow", "low": "cyan"}


class Terminal:
    """The terminal, on stderr; stdout is for data."""

    kind = "console"

    def close(self) -> None:
        """Nothing to close."""

    def send(self, message: Message) -> None:
        """Write a message, its heading in colour."""
        from analytics.inbox.letter import plain_text

        console = Console(stderr=True, highlight=False, soft_wrap=True)
        letter = message.letter
        heading, _, rest = plain_text(letter).partition("\n")
        tag = f"【客声·{letter.tag}】"
        style = _STYLES.get(letter.severity, "bold") if letter.reason in ("new", "grown", "reopened") else "green"
        console.print(f"[{style}]{escape(tag)}[/][bold]{escape(heading.removeprefix(tag))}[/bold]")
        console.print(escape(rest))
        console.print()
