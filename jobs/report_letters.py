"""Mails of the weekly report: the page attached, its findings in the body, each sent once."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from analytics.errors import ConfigError, StageError
from analytics.report_settings import LetterSettings
from analytics.settings import Settings
from jobs.senders.mail import Mail
from jobs.senders.opening import open_sender

_HELD_SECONDS = 3600
"""A run that held a letter for so long is dead; its mail may have gone out, and is known by its Message-ID."""
_WORDS = {
    "zh-CN": ("完整报告见附件，用浏览器打开，可直接打印。", "在线查看："),
    "en": ("The whole report is attached: open it in a browser, or print it.", "Online: "),
}


class Report(Protocol):
    """What is mailed of a report (`jobs.report.Written`)."""

    @property
    def path(self) -> Path:
        """The page."""

    @property
    def week(self) -> str:
        """Its days."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Its findings."""


def mail_letters(
    settings: Settings, reports: Sequence[tuple[LetterSettings, Report]], environ: Mapping[str, str]
) -> list[str]:
    """Mail each report to its readers, unless that was done before; return a line for each.

    Raises
    ------
    ConfigError
        If there is no mail channel, or its password is not there.
    StageError
        If a mail cannot be sent; those before it were, and are not sent again.
    """
    name = mail_channel(settings)
    sender, channel = open_sender(name, settings.notify, environ), settings.notify.all_channels[name]
    if not isinstance(sender, Mail):
        raise ConfigError(f"reports.channel: expected a channel of kind mail, got {name}")
    said = []
    for letter, report in reports:
        place = settings.home / "reports" / "sent" / f"{report.week}-{_digest(letter)}.json"
        if not _claimed(place):
            said.append(f"report {report.week}: mailed before, not again (readers: {len(letter.to)})")
            continue
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(place.unlink, missing_ok=True)
            sender.deliver(letter_mail(letter, report, sender=channel.sender, link=settings.notify.dashboard_url))
            on_failure.pop_all()
        _noted(place)
        said.append(f"report {report.week}: mailed (readers: {len(letter.to)})")
    return said


def mail_channel(settings: Settings) -> str:
    """Return the name of the channel that reports go over.

    Raises
    ------
    ConfigError
        If none is named and there is not exactly one of kind mail.
    """
    named, channels = settings.reports.channel, settings.notify.all_channels
    mails = [name for name, channel in channels.items() if channel.kind == "mail"]
    if named and named not in mails:
        raise ConfigError(
            f"reports.channel: expected a channel of kind mail, got {named!r}; there are {', '.join(mails) or 'none'};"
            " see docs/channels.md"
        )
    if not named and len(mails) != 1:
        raise ConfigError(
            f"reports.channel: expected the name of a channel of kind mail, got none; there are"
            f" {', '.join(mails) or 'none'}; see docs/channels.md"
        )
    return named or mails[0]


def letter_mail(letter: LetterSettings, report: Report, *, sender: str, link: str) -> EmailMessage:
    """Return the mail: findings in the body, the page attached. Its Message-ID is of the week and the readers."""
    closing, online = _WORDS[letter.language]
    mail = EmailMessage()
    mail["Subject"] = f"【客声】{report.title}" if letter.language == "zh-CN" else report.title
    mail["From"], mail["To"] = sender, ", ".join(letter.to)
    mail["Date"] = email.utils.format_datetime(dt.datetime.now(dt.UTC))
    mail["Message-ID"] = f"<report-{report.week}-{_digest(letter)}@kesheng>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join([report.title, "", *report.lines, "", closing, f"{online}{link}"]))
    page = report.path.read_text(encoding="utf-8")
    mail.add_attachment(page, subtype="html", filename=f"kesheng-{report.path.stem}.html")
    return mail


def _digest(letter: LetterSettings) -> str:
    said = json.dumps([sorted(letter.to), letter.role, letter.language])
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _claimed(place: Path) -> bool:
    """Return whether this run is to send a letter: nobody did, and nobody is at it.

    Raises
    ------
    StageError
        If another run is at it.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        status = place.stat()
    if status.st_size:
        return False
    if time.time() - status.st_mtime < _HELD_SECONDS:
        raise StageError(f"report: another run is sending; wait for it, or remove {place} if there is none")
    os.utime(place)
    return True


def _noted(place: Path) -> None:
    place.write_text(json.dumps({"sent_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}), encoding="utf-8")
