"""Mail to a real server: encrypted or not at all, text and HTML, patience with one that is down."""

from __future__ import annotations

from typing import Any

import pytest

from analytics.notify_settings import ChannelSettings, NotifySettings
from jobs.senders.mail import Mail
from jobs.senders.outcome import ChannelDownError, Message, RefusedError

FAST = NotifySettings(connect_seconds=0.5, read_seconds=0.2)


def _mail(server: Any, **changes: Any) -> Mail:
    password = changes.pop("password", None)
    said = {
        "kind": "mail",
        "host": "127.0.0.1",
        "port": server.port,
        "ca_file": server.certificate,
        "sender": "kesheng@example.com",
        "to": ("a@example.com", "b@example.com"),
    }
    return Mail("duty", ChannelSettings(**said | changes), FAST, password=password)


def test_a_mail_arrives_encrypted_as_text_and_html(mail_server: Any, message: Message) -> None:
    _mail(mail_server, user="kesheng", password="s3cret").send(message)
    ((mail, recipients, encrypted),) = mail_server.got
    assert encrypted
    assert mail_server.logins
    assert len(recipients) == 2
    assert mail["Subject"] == "【客声·高】「物流停滞」1 小时内 24 次，平时约 2 次"
    assert (mail["Message-ID"], mail["To"]) == ("<delivery1@kesheng>", "a@example.com, b@example.com")
    plain, rich = mail.iter_parts()
    assert plain.get_content().splitlines()[1] == "数量：1 小时内 24 次"
    assert "<blockquote>包裹停在中转站五天了</blockquote>" in rich.get_content()


@pytest.mark.parametrize(
    ("verb", "answer", "error", "said"),
    [
        ("MAIL", "451 later", ChannelDownError, "got 451"),
        ("MAIL", "421 too many messages", ChannelDownError, "got 421"),
        ("RCPT", "450 greylisted", ChannelDownError, "got 450 for recipients"),
        ("RCPT", "550 no such user a@example.com", RefusedError, "got 550 for recipients"),
        ("DATA", "554 spam", RefusedError, "got 554"),
        ("AUTH", "535 no", RefusedError, "got 535 for user and password"),
    ],
)
def test_what_a_server_refuses(
    mail_server: Any, message: Message, verb: str, answer: str, error: type[Exception], said: str
) -> None:
    mail_server.answers[verb] = answer
    with pytest.raises(error, match=said) as caught:
        _mail(mail_server, user="kesheng", password="s3cret").send(message)
    assert "example.com" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_nothing_goes_in_clear_where_encryption_is_wanted(mail_server: Any, message: Message) -> None:
    mail_server.with_starttls = False
    with pytest.raises(RefusedError, match="security starttls and a login"):
        _mail(mail_server, user="kesheng", password="s3cret").send(message)
    assert mail_server.logins == mail_server.got == []
    _mail(mail_server, security="none").send(message)
    assert len(mail_server.got) == 1


def test_tls_from_the_start(mail_server: Any, message: Message) -> None:
    mail_server.tls_from_the_start = True
    _mail(mail_server, security="ssl").send(message)
    assert [encrypted for _, _, encrypted in mail_server.got] == [True]


def test_a_certificate_of_nobody_is_refused(mail_server: Any, message: Message) -> None:
    with pytest.raises(RefusedError, match="certificate"):
        _mail(mail_server, ca_file=None).send(message)


def test_a_server_that_hangs_breaks_off_or_is_not_there(mail_server: Any, message: Message) -> None:
    mail_server.hangs = "MAIL"
    with pytest.raises(ChannelDownError, match="expected an answer"):
        _mail(mail_server).send(message)
    mail_server.hangs, mail_server.breaks_off = "", "MAIL"
    with pytest.raises(ChannelDownError, match="expected an answer"):
        _mail(mail_server).send(message)
    with pytest.raises(ChannelDownError, match="ConnectionRefusedError"):
        _mail(mail_server, port=9).send(message)
