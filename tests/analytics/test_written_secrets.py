"""Settings files hold no secret: what is refused, that it is not repeated, and what may stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.settings import load_settings

API = '[sources.a]\nkind = "review"\n[sources.a.http]\nkey = "id"\n'
SQL = '[sources.a]\nkind = "review"\n[sources.a.sql]\ntable = "t"\ncursor = "c"\nkey = "id"\n'
OIDC = '[serve]\nsign_in = "oidc"\n[serve.oidc]\nissuer = "https://id.example"\nclient_id = "kesheng"\n'


def _load(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("KESHENG_SETTINGS", str(folder / "settings.toml"))
    load_settings(home=folder)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('person_key = "s3cret"', "person_key"),
        ('[serve]\nkey = "s3cret"', "serve.key"),
        (OIDC + 'client_secret = "s3cret"', "serve.oidc.client_secret"),
        ('[inbox]\nurl = "postgresql://u:s3cret@db/inbox"', "inbox.url"),
        ('[inbox]\nurl = "postgresql://u@db/inbox?password=s3cret"', "inbox.url"),
        (SQL + 'url = "mysql+pymysql://u:s3cret@db/crm"', "sources.a.sql.url"),
        ('[sources.a]\nkind = "review"\npath = "sftp://u:s3cret@host/out/*.csv"', "sources.a.path"),
        (API + 'url = "https://u:s3cret@crm.example/v1"', "sources.a.http.url"),
        (API + 'url = "https://crm.example/v1?access_token=s3cret"', "sources.a.http.url"),
        (API + 'url = "https://crm.example/v1"\nheaders = { Authorization = "Bearer s3cret" }', "Authorization"),
        (API + 'url = "https://crm.example/v1"\nheaders = { X-API-Key = "s3cret" }', "headers.X-API-Key"),
        (API + 'url = "https://crm.example/v1"\nparams = { app_secret = "s3cret" }', "params.app_secret"),
    ],
)
def test_a_written_secret_is_refused_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, field: str
) -> None:
    with pytest.raises(ConfigError, match=f"{field}.*it is a secret") as caught:
        _load(tmp_path, monkeypatch, text)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '[inbox]\nurl = "postgresql://u:${PW}@db/inbox"',
        '[inbox]\nurl = "sqlite:////var/kesheng/inbox.db"',
        SQL + 'url = "${CRM}"',
        '[sources.a]\nkind = "review"\npath = "sftp://u:${PW}@host/out/*.csv"',
        API + 'url = "https://crm.example/v1?page=1"\nheaders = { Authorization = "Bearer ${T}", Accept = "*/*" }',
        API + 'url = "https://crm.example/v1"\nparams = { token = "${T}", since = "2026-01-01" }',
        OIDC,
    ],
)
def test_what_names_a_variable_or_is_no_secret_may_stand_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    _load(tmp_path, monkeypatch, text)


def test_settings_do_not_show_the_key_of_persons(tmp_path: Path) -> None:
    assert "s3cret" not in repr(load_settings(home=tmp_path, person_key="s3cret"))
