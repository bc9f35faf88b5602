"""Settings of messages: what may be written, what is refused, and that no secret shows anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.notify_settings import ChannelSettings, NotifySettings
from analytics.settings import load_settings

GOOD = """
[notify.channels.duty]
kind = "dingtalk"
url = "${DUTY_URL}"
secret = "file:/run/secrets/duty"

[notify.channels.mail]
kind = "mail"
host = "smtp.example.com"
user = "kesheng"
password = "${MAIL_PASSWORD}"
sender = "kesheng@example.com"
to = ["duty@example.com"]

[[notify.routes]]
topic = "物流*"
severity = ["high", "medium"]
channels = "duty"
team = "物流组"
"""


def _load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> NotifySettings:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("KESHENG_SETTINGS", str(file))
    return load_settings().notify


def test_channels_and_routes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notify = _load(tmp_path, monkeypatch, GOOD)
    assert list(notify.all_channels) == ["console", "duty", "mail"]
    assert notify.channels["mail"].to == ("duty@example.com",)
    assert (notify.routes[0].topic, notify.routes[0].channels) == (("物流*",), ("duty",))


def test_an_address_may_come_from_the_environment_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESHENG_NOTIFY__CHANNELS__DUTY__KIND", "wecom")
    monkeypatch.setenv("KESHENG_NOTIFY__CHANNELS__DUTY__URL", "https://qyapi.weixin.qq.com/send?key=s3cret")
    monkeypatch.setenv("KESHENG_NOTIFY__WEBHOOK_URL", "https://open.feishu.cn/open-apis/bot/v2/hook/s3cret")
    notify = _load(tmp_path, monkeypatch, "")
    assert {name: way.kind for name, way in notify.all_channels.items()} == {
        "console": "console",
        "webhook": "feishu",
        "duty": "wecom",
    }
    assert "s3cret" not in repr(notify) + str(notify) + notify.model_dump_json()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[notify.channels.duty]\nkind = "wecom"', "notify.channels.duty: .*needs url"),
        ('[notify.channels.duty]\nkind = "pager"\nurl = "${X}"', "notify.channels.duty.kind"),
        ('[notify.channels.duty]\nkind = "wecom"\nurl = "${X}"\nsecrt = "${Y}"', "notify.channels.duty.secrt"),
        ('[notify.channels.duty]\nkind = "slack"\nurl = "${X}"\nsecret = "${Y}"', "secret is for signed robots"),
        ('[notify.channels.duty]\nkind = "mail"\nhost = "h"\nsender = "s"', "kind mail needs to"),
        ('[notify.channels."duty officer"]\nkind = "wecom"\nurl = "${X}"', "channels.duty officer: expected a name"),
        ('[notify.channels.console]\nkind = "console"', "other than console"),
        (
            '[[notify.routes]]\nchannels = "nobody"',
            "routes.0.channels: there is no channel 'nobody'; there are console",
        ),
        ('[[notify.routes]]\nseverty = "high"', "notify.routes.0.severty"),
    ],
)
def test_errors_name_the_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        _load(tmp_path, monkeypatch, text)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('[notify.channels.duty]\nkind = "wecom"\nurl = "https://x/?key=s3cret"', "notify.channels.duty.url"),
        ('[notify.channels.duty]\nkind = "feishu"\nurl = "${X}"\nsecret = "s3cret"', "notify.channels.duty.secret"),
        ('[notify.channels.m]\nkind = "mail"\npassword = "s3cret"', "notify.channels.m.password"),
        ('[notify]\nwebhook_url = "https://oapi.dingtalk.com/robot/send?access_token=s3cret"', "notify.webhook_url"),
    ],
)
def test_a_secret_written_in_the_file_is_refused_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, field: str
) -> None:
    with pytest.raises(ConfigError, match=field) as caught:
        _load(tmp_path, monkeypatch, text)
    assert "s3cret" not in str(caught.value)


def test_a_plain_webhook_may_be_written() -> None:
    way = ChannelSettings(kind="webhook", url="http://127.0.0.1:9000/hook")
    assert NotifySettings(channels={"ops": way}).all_channels["ops"].kind == "webhook"
