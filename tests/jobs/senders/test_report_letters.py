"""Mails of the weekly report: to a real server, each week once, with the page attached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from analytics.errors import ConfigError, StageError
from analytics.notify_settings import ChannelSettings, NotifySettings
from analytics.report_settings import LetterSettings, ReportSettings
from analytics.settings import Settings
from jobs import report as report_job
from jobs.report import Asked, Written, mail_reports
from jobs.report_letters import letter_mail, mail_channel, mail_letters
from jobs.senders.outcome import ChannelDownError

ALL = LetterSettings(to=("lead@example.com", "ops@example.com"))
APP = LetterSettings(to=("app@example.com",), role="app", language="en")


@dataclass
class Post:
    """Settings with a mail channel to the server of the tests, and a report to send."""

    settings: Settings
    report: Written
    server: Any

    def mail(self, *letters: LetterSettings) -> list[str]:
        return mail_letters(self.settings, [(letter, self.report) for letter in letters], {})


@pytest.fixture
def post(mail_server: Any, tmp_path: Path) -> Post:
    channel = ChannelSettings(
        kind="mail", host="127.0.0.1", port=mail_server.port, ca_file=mail_server.certificate,
        sender="kesheng@example.com", to=("duty@example.com",),
    )  # fmt: skip
    notify = NotifySettings(channels={"mail": channel}, connect_seconds=0.5, read_seconds=0.2)
    page = tmp_path / "2026-W40.html"
    page.write_text("<!DOCTYPE html><p>周报", encoding="utf-8")
    report = Written(
        page, "2026-W40", "客声周报 · 2026 年第 40 周", ("↑ 联络量增加 12%：共 5,054 条",), "", waits=False
    )
    return Post(Settings(home=tmp_path, notify=notify), report, mail_server)


def test_a_mail_has_the_findings_and_the_page(post: Post) -> None:
    assert post.mail(ALL) == ["report 2026-W40: mailed (readers: 2)"]
    ((mail, recipients, encrypted),) = post.server.got
    assert encrypted and len(recipients) == 2
    assert (mail["Subject"], mail["To"]) == ("【客声】客声周报 · 2026 年第 40 周", "lead@example.com, ops@example.com")
    text, page = mail.iter_parts()
    assert "↑ 联络量增加 12%：共 5,054 条" in text.get_content()
    assert (page.get_filename(), page.get_content_type()) == ("kesheng-2026-W40.html", "text/html")
    assert page.get_content().startswith("<!DOCTYPE html><p>周报")


def test_it_goes_out_once_a_week_to_each_readers(post: Post) -> None:
    post.mail(ALL)
    assert post.mail(ALL, APP) == [
        "report 2026-W40: mailed before, not again (readers: 2)",
        "report 2026-W40: mailed (readers: 1)",
    ]
    post.report = replace(post.report, week="2026-W41")
    assert post.mail(ALL) == ["report 2026-W41: mailed (readers: 2)"]
    assert len(post.server.got) == 3
    assert len({mail["Message-ID"] for mail, *_ in post.server.got}) == 3


def test_what_could_not_be_sent_is_sent_next_time_under_the_same_name(post: Post) -> None:
    post.server.answers["DATA"] = "451 later"
    with pytest.raises(ChannelDownError):
        post.mail(ALL)
    del post.server.answers["DATA"]
    assert post.mail(ALL) == ["report 2026-W40: mailed (readers: 2)"]
    one, other = (letter_mail(ALL, post.report, sender="k@example.com", link="") for _ in range(2))
    assert one["Message-ID"] == other["Message-ID"] == post.server.got[0][0]["Message-ID"]


def test_two_runs_at_once_do_not_send_twice(post: Post) -> None:
    post.mail(ALL)
    (place,) = (post.settings.home / "reports" / "sent").iterdir()
    place.write_text("", encoding="utf-8")  # as while another run is sending
    with pytest.raises(StageError, match="another run is sending"):
        post.mail(ALL)
    assert len(post.server.got) == 1


def test_the_channel_must_be_known_and_a_mail(post: Post) -> None:
    assert mail_channel(post.settings) == "mail"
    wrong = post.settings.model_copy(update={"reports": ReportSettings(channel="duty")})
    with pytest.raises(ConfigError, match="'duty'; there are mail"):
        mail_channel(wrong)
    with pytest.raises(ConfigError, match="there are none"):
        mail_channel(Settings(home=post.settings.home))


def test_a_week_that_is_not_published_whole_is_not_mailed(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = []

    def written(_: Settings, one: Asked) -> Written:
        asked.append(one)
        return replace(post.report, until="2026-10-03", waits=True)

    monkeypatch.setattr(report_job, "write_report", written)
    settings = post.settings.model_copy(update={"reports": ReportSettings(to=("lead@example.com",))})
    with pytest.raises(StageError, match="until 2026-10-03; nothing was mailed"):
        mail_reports(settings, Asked(), {})
    assert asked[0].week is not None  # by the clock: the data's last whole week may be an older one
    assert post.server.got == []
    with pytest.raises(ConfigError, match=r"reports\.to"):
        mail_reports(post.settings, Asked(), {})
