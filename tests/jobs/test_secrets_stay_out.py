"""Secrets that a site gives are in no file, log, message or archive: each is looked for wherever a command writes."""

from __future__ import annotations

import logging
import tarfile
from pathlib import Path

import pytest

from analytics.errors import KeshengError
from analytics.settings import load_settings
from jobs.backup import back_up
from jobs.collect import collect_source
from jobs.doctor import check_channels

CANARY = "kan4ry"
SETTINGS = """
[sources.own]
path = "{home}/exports"
kind = "review"
settle_seconds = 0
[sources.api]
kind = "review"
columns = { id = "id", text = "text" }
[sources.api.http]
url = "http://127.0.0.1:9/x?token=${PARAM}"
headers = { Authorization = "Bearer ${HEADER}" }
key = "id"
attempts = 1
[sources.db]
kind = "review"
columns = { id = "id", text = "text" }
sql = { url = "postgresql+psycopg://u:${DB}@127.0.0.1:9/crm", table = "t", cursor = "c", key = "k" }
[sources.store]
kind = "review"
path = "ftp://u:${STORE}@127.0.0.1:9/x/*.csv"
[notify.channels.duty]
kind = "wecom"
url = "${ROBOT}"
[notify.channels.letters]
kind = "mail"
host = "127.0.0.1"
sender = "a@example.com"
to = ["b@example.com"]
user = "u"
password = "${MAIL}"
[inbox]
url = "sqlite:///${INBOX}"
"""
GIVEN = ("PARAM", "HEADER", "DB", "STORE", "MAIL", "KESHENG_PERSON_KEY", "KESHENG_SERVE__KEY",
         "KESHENG_SERVE__OIDC__CLIENT_SECRET")  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / "exports").mkdir(parents=True)
    (home / "exports" / "a.csv").write_text("编号,内容,手机\n1,好,13800138000\n", encoding="utf-8")
    (tmp_path / "settings.toml").write_text(f'home = "{home}"\n{SETTINGS}', encoding="utf-8")
    monkeypatch.setenv("KESHENG_SETTINGS", str(tmp_path / "settings.toml"))
    for name in GIVEN:
        monkeypatch.setenv(name, f"{CANARY}-{name.lower()}-0123456789abcdef")
    monkeypatch.setenv("ROBOT", f"http://127.0.0.1:9/{CANARY}")
    monkeypatch.setenv("INBOX", str(home / "inbox.db"))
    return home


def test_no_secret_is_written_or_said_anywhere(
    home: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = load_settings()
    said = [repr(settings), str(settings)]
    for name in ("own", "api", "db", "store"):
        try:
            said.append(collect_source(name, settings))
        except KeshengError as error:
            said.append(str(error))
    assert len(said) == 6 and sum("127.0.0.1" in text for text in said[2:]) == 3
    said += [str(finding) for finding in check_channels(settings, {})]  # without variables: it says which lack
    back_up(settings, home.parent / "kept.tar.gz")
    with tarfile.open(home.parent / "kept.tar.gz") as archive:
        said += [archive.extractfile(member).read().decode() for member in archive if member.isfile()]  # type: ignore[union-attr]
    said += [path.read_bytes().decode("latin-1") for path in home.parent.rglob("*") if path.is_file()]
    out, err = capfd.readouterr()
    for text in (*said, out, err, caplog.text):
        assert CANARY not in text
