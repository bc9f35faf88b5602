from __future__ import annotations

import logging
from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.serve_settings import ServeSettings, check_reach
from analytics.settings import load_settings
from dashboards.app import create_app, gate_of
from tests.dashboards.access.conftest import Make, Place, sign_in


def test_every_answer_says_what_may_run(place: Place) -> None:
    client = place.client()
    sign_in(client)
    for path in ("/", "/sign-in", "/_dash-layout", "/assets/kesheng.css", "/api/v1/topics", "/api/", "/no/such"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert "unsafe" not in scripts and "http" not in policy and "*" not in policy
        assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] and headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers
    for path in ("/", "/_dash-layout", "/sign-in"):
        assert client.get(path).headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/assets/kesheng.css").headers.get("Cache-Control", "")


def test_headers_stand_without_a_gate_too(warehouse: Path) -> None:
    answer = create_app(warehouse, "sqlite://", "Asia/Shanghai").server.test_client().get("/")
    assert "script-src 'self' 'sha256-" in answer.headers["Content-Security-Policy"]


def test_other_machines_are_not_served_where_nobody_signs_in() -> None:
    with pytest.raises(ConfigError, match=r"serve\.sign_in.*docs/access\.md.*serve\.open_to_all"):
        check_reach(ServeSettings(), "0.0.0.0")
    for settings, host in (
        (ServeSettings(), "127.0.0.1"), (ServeSettings(), "::1"), (ServeSettings(), "localhost"),
        (ServeSettings(sign_in="local"), "0.0.0.0"), (ServeSettings(open_to_all=True), "0.0.0.0"),
    ):  # fmt: skip
        check_reach(settings, host)


def test_settings_that_would_open_everything_by_mistake_are_refused() -> None:
    with pytest.raises(ValueError, match="anonymous_role needs sign_in"):
        ServeSettings(anonymous_role="reader")
    with pytest.raises(ValueError, match=r"needs serve\.oidc\.issuer"):
        ServeSettings(sign_in="oidc")


def test_the_gate_of_a_laptop_knows_its_own_name_alone(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page elsewhere whose name was made to mean 127.0.0.1 reads nothing."""
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    gate = gate_of(load_settings(), "127.0.0.1")
    assert (tmp_path / "dashboard.key").stat().st_mode & 0o777 == 0o600
    assert gate_of(load_settings(), "127.0.0.1").key == gate.key
    client = create_app(warehouse, "sqlite://", "Asia/Shanghai", gate=gate).server.test_client()
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"Host": "127.0.0.1:8050"}).status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/_dash-layout").status_code == 200
    assert client.post("/_dash-update-component", json={}).status_code == 403


def test_a_role_that_is_not_there_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    monkeypatch.setenv("KESHENG_SERVE__SIGN_IN", "local")
    monkeypatch.setenv("KESHENG_SERVE__ANONYMOUS_ROLE", "boss")
    with pytest.raises(ConfigError, match="no role 'boss'"):
        gate_of(load_settings(), "0.0.0.0")


def test_a_proxy_is_believed_only_where_settings_say_so(make_place: Make, caplog: pytest.LogCaptureFixture) -> None:
    for proxies, seen in ((0, "127.0.0.1"), (1, "10.1.2.3")):
        client = make_place(proxies=proxies).client()
        with caplog.at_level(logging.WARNING, logger="dashboards.access.sign_in"):
            caplog.clear()
            client.environ_base["HTTP_X_FORWARDED_FOR"] = "10.1.2.3"
            sign_in(client, "lin", "my secret typed as a name")
        assert [record.getMessage() for record in caplog.records] == [f"sign-in failed from {seen}"]
