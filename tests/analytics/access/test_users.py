from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from werkzeug.security import generate_password_hash

from analytics.access import Users
from analytics.access import users as users_module
from analytics.errors import ConfigError

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real cost of scrypt is tested once, in `test_a_password_is_kept_as_a_slow_hash`."""
    monkeypatch.setattr(
        users_module, "generate_password_hash", lambda text, method: generate_password_hash(text, "pbkdf2:sha256:1")
    )


@pytest.fixture
def users(tmp_path: Path) -> Users:
    found = Users(tmp_path / "home" / "users.toml")
    found.add("lin", "product", PASSWORD)
    return found


def test_a_password_is_kept_as_a_slow_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users_module, "generate_password_hash", generate_password_hash)
    users = Users(tmp_path / "users.toml")
    users.add("王芳", "product", PASSWORD)
    text = users.path.read_text(encoding="utf-8")
    assert "scrypt:" in text and PASSWORD not in text
    found = users.of_password("王芳", PASSWORD)
    assert found is not None and found.role == "product"


def test_only_the_owner_can_read_the_file(users: Users) -> None:
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600
    users.path.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        Users(users.path).all()


def test_wrong_passwords_unknown_names_and_users_without_password_are_nobody(users: Users) -> None:
    users.add("robot", "data")
    given = [("lin", PASSWORD + "x"), ("lin", ""), ("nobody", PASSWORD), ("robot", ""), ("robot", PASSWORD), ("", "")]
    assert [users.of_password(name, password) for name, password in given] == [None] * len(given)


def test_an_unknown_name_costs_a_hash_as_well(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr(users_module, "check_password_hash", lambda kept, given: bool(checked.append(kept)))
    users.of_password("lin", "x")
    users.of_password("nobody", "x")
    assert len(checked) == 2 and all(checked)


def test_a_token_is_told_once_and_kept_as_a_hash(users: Users) -> None:
    token = users.new_token("lin", "dashboard of sales")
    assert token not in users.path.read_text(encoding="utf-8")
    found = users.of_token(token)
    assert found is not None and found.name == "lin"
    assert users.of_token(token + "x") is None and users.of_token("") is None
    assert users.of_token(users.new_token("lin", "dashboard of sales")) is not None
    assert users.of_token(token) is None  # replaced
    users.drop_token("lin", "dashboard of sales")
    assert users.get("lin") is not None and not users.all()["lin"].tokens


def test_a_token_for_numbers_cannot_be_made_one_for_words(users: Users) -> None:
    token = users.new_token("lin", "api")
    assert not users_module.reads_contacts(token)
    assert users.of_token("kshc_" + token.removeprefix("ksh_")) is None


def test_a_new_password_or_role_changes_the_stamp(users: Users) -> None:
    stamps = [users.all()["lin"].stamp]
    users.set_password("lin", PASSWORD + "2")
    stamps.append(users.all()["lin"].stamp)
    users.set_role("lin", "leader")
    stamps.append(users.all()["lin"].stamp)
    users.new_token("lin", "api")
    assert len(set(stamps)) == 3 and users.all()["lin"].stamp == stamps[-1]


def test_mistakes_are_said(users: Users) -> None:
    with pytest.raises(ConfigError, match="already"):
        users.add("lin", "product", PASSWORD)
    with pytest.raises(ConfigError, match="at least 10"):
        users.set_password("lin", "short")
    with pytest.raises(ConfigError, match="there are: lin"):
        users.remove("nobody")
    with pytest.raises(ConfigError, match="user name"):
        users.add('a"b', "product", PASSWORD)
    users.path.write_text("[users.lin]\npassword = 1", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"users\.toml"):
        Users(users.path).all()


def test_changes_from_other_processes_are_seen_and_none_is_lost(users: Users) -> None:
    threads = [threading.Thread(target=Users(users.path).add, args=(f"u{n}", "data")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(users.all()) == {"lin", *(f"u{n}" for n in range(8))}
    Users(users.path).remove("lin")
    assert users.get("lin") is None


def test_names_that_toml_would_read_otherwise_come_back(users: Users) -> None:
    for name in ("a.b", "王-芳", "o#1", "[x]", "é=1"):
        users.add(name, "data")
        assert Users(users.path).get(name) is not None
