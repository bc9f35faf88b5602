"""Send messages by mail: SMTP with STARTTLS or TLS, as text and HTML."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import logging
import smtplib
import ssl
from email.message import EmailMessage

from analytics.inbox.formats import mail_html
from analytics.inbox.letter import plain_text
from analytics.notify_settings import ChannelSettings, NotifySettings
from jobs.senders.outcome import ChannelDownError, Message, RefusedError

_log = logging.getLogger(__name__)
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}


class Mail:
    """A mail server, connected for each message: alerts are few, and servers close what idles.

    Parameters
    ----------
    name : str
        Of the channel.
    channel : ChannelSettings
        Server, encryption, sender and recipients.
    notify : NotifySettings
        Timeouts.
    password : str or None
        Of `channel.user`.
    """

    kind = "mail"

    def __init__(
        self, name: str, channel: ChannelSettings, notify: NotifySettings, *, password: str | None = None
    ) -> None:
        self._name, self._channel, self._password = name, channel, password
        self._connect_seconds, self._read_seconds = notify.connect_seconds, notify.read_seconds

    def close(self) -> None:
        """Nothing stays open."""

    def send(self, message: Message) -> None:
        """Send a mail to all recipients.

        Raises
        ------
        ChannelDownError
            If the server does not answer, breaks off, or says 4xx (later).
        RefusedError
            If it says 5xx (never), refuses every recipient, the login, or encryption.
        """
        self.deliver(mail_of(message, self._channel.sender, self._channel.to))

    def deliver(self, mail: EmailMessage) -> None:
        """Send a mail that is ready, to those of its `To`; raises as `send` does."""
        try:
            with self._connected() as server:
                refused = server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _failure(self._name, min(code for code, _ in error.recipients.values()), "recipients") from None
        except smtplib.SMTPAuthenticationError as error:
            raise _failure(self._name, error.smtp_code, "user and password") from None
        except smtplib.SMTPResponseException as error:
            raise _failure(self._name, error.smtp_code, "the message") from None
        except smtplib.SMTPNotSupportedError:
            wanted = f"security {self._channel.security}" + (" and a login" if self._channel.user else "")
            raise RefusedError(f"{self._name}: expected a server with {wanted}; correct security or user") from None
        except ssl.SSLCertVerificationError:
            raise RefusedError(f"{self._name}: the server's certificate does not fit; see host and ca_file") from None
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelDownError(f"{self._name}: expected an answer, got {type(error).__name__}") from None
        if refused:
            n_recipients = len(mail["To"].addresses)
            _log.warning("%s: %d of %d recipients were refused", self._name, len(refused), n_recipients)

    def _connected(self) -> smtplib.SMTP:
        channel = self._channel
        port = channel.port or _PORTS[channel.security]
        context = None
        if channel.security != "none":
            context = ssl.create_default_context(cafile=channel.ca_file)
        server: smtplib.SMTP
        if channel.security == "ssl":
            server = smtplib.SMTP_SSL(channel.host, port, timeout=self._connect_seconds, context=context)
        else:
            server = smtplib.SMTP(channel.host, port, timeout=self._connect_seconds)
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(server.close)
            if server.sock is not None:
                server.sock.settimeout(self._read_seconds)
            if channel.security == "starttls":
                server.starttls(context=context)
            if channel.user:
                server.login(channel.user, self._password or "")
            on_failure.pop_all()
        return server


def mail_of(message: Message, sender: str, to: tuple[str, ...]) -> EmailMessage:
    """Return the mail of a message; its Message-ID is of the delivery, so that a repeat is told from a new one."""
    letter = message.letter
    mail = EmailMessage()
    mail["Subject"] = " ".join(letter.heading.split())
    mail["From"], mail["To"] = sender, ", ".join(to)
    mail["Date"] = email.utils.format_datetime(dt.datetime.now(dt.UTC))
    mail["Message-ID"] = f"<{message.delivery_id}@kesheng>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain_text(letter))
    mail.add_alternative(mail_html(letter), subtype="html")
    return mail


def _failure(name: str, code: int, what: str) -> ChannelDownError | RefusedError:
    """Return the error of a server's code; its own words may hold addresses and are left out."""
    if 400 <= code < 500:
        return ChannelDownError(f"{name}: expected 250, got {code} for {what}")
    return RefusedError(f"{name}: expected 250, got {code} for {what}; check the channel's settings")
