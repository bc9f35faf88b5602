from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from analytics.access import Look, LookLog, Users
from analytics.access.places import Places
from analytics.errors import ConfigError
from jobs.cli import app

PASSWORD = "correct horse battery"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    return Places(tmp_path)


def run(*words: str, said: str = "") -> Result:
    return CliRunner().invoke(app, ["users", *words], input=said)


def test_a_user_is_added_listed_changed_and_removed(places: Places) -> None:
    assert run("add", "lin", "--role", "product", "--stdin", said=PASSWORD + "\n").exit_code == 0
    assert run("add", "robot", "--role", "reader", "--no-password").exit_code == 0
    assert Users(places.users).of_password("lin", PASSWORD) is not None
    token = run("token", "robot", "--label", "wall").output.strip()
    found = Users(places.users).of_token(token)
    assert found is not None and found.name == "robot"
    assert run("list").output == "lin\tproduct\tpassword\tno tokens\nrobot\treader\tno password\twall\n"
    assert run("role", "lin", "leader").exit_code == 0
    assert run("password", "lin", "--stdin", said="another long one\n").exit_code == 0
    assert Users(places.users).of_password("lin", PASSWORD) is None
    assert run("token", "robot", "--label", "wall", "--drop").exit_code == 0
    assert Users(places.users).of_token(token) is None
    assert run("remove", "lin").exit_code == 0
    assert list(Users(places.users).all()) == ["robot"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "lin", "--role", "boss"), "no role 'boss'"),
        (("add", "lin", "--role", "data"), "--stdin"),
        (("password", "lin", "--stdin"), "no user 'lin'"),
        (("role", "lin", "data"), "no user 'lin'"),
        (("token", "lin"), "no user 'lin'"),
    ],
)
def test_a_mistake_is_one_sentence_and_changes_nothing(places: Places, words: tuple[str, ...], said: str) -> None:
    found = run(*words, said="x")
    assert isinstance(found.exception, ConfigError) and said in str(found.exception)
    assert not places.users.exists()


def test_roles_are_listed_with_their_limits(places: Places) -> None:
    places.views.mkdir()
    (places.views / "beauty.toml").write_text('label = "美妆"\n[limits]\nproducts = ["面膜"]', encoding="utf-8")
    lines = run("roles").output.splitlines()
    assert "beauty\t美妆\tall pages\tlooks\tproduct: 面膜" in lines
    assert any(line.startswith("leader\t领导\t/ ") for line in lines)


def test_looks_are_printed_by_contact_and_user(places: Places) -> None:
    log = LookLog(places.looks)
    log.add(Look("2026-03-01T08:00:00.000+00:00", "lin", "list", "channel=app", ("c1", "c2")))
    log.add(Look("2026-03-01T09:00:00.000+00:00", "wang", "conversation", "contact=c2", ("c2",)))
    assert run("looked").output.splitlines()[0] == "2026-03-01T08:00:00.000+00:00\tlin\tlist\t2\tchannel=app"
    assert len(run("looked", "--contact", "c2").output.splitlines()) == 2
    assert [line.split("\t")[1] for line in run("looked", "--user", "wang").output.splitlines()] == ["wang"]
    assert run("looked", "--contact", "c9").output == ""
