from __future__ import annotations

import pytest
from werkzeug.security import generate_password_hash

from analytics.access import users
from dashboards.access.throttle import Tries
from tests.dashboards.access.conftest import PASSWORD, Make, sign_in


def test_guessing_is_slowed_by_name_and_address_and_says_until_when(
    make_place: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "_nobodys_hash", lambda: generate_password_hash("x", "pbkdf2:sha256:1"))
    place = make_place()
    client = place.client()
    answers = [sign_in(client, "lin", f"wrong password {n}") for n in range(9)]
    assert [answer.status_code for answer in answers] == [401] * 8 + [429]
    right = sign_in(client, "lin", PASSWORD)
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 15 * 60
    assert "15 分钟后再试" in right.get_data(as_text=True)
    unknown = [sign_in(client, "nobody", "wrong password").status_code for _ in range(9)]
    assert unknown == [401] * 8 + [429]  # an unknown name is no other
    assert sign_in(client, "wang").status_code == 302


def test_the_right_password_forgets_the_slips_before_it() -> None:
    tries = Tries()
    for _ in range(3):
        assert all(tries.wait_seconds("lin", "10.0.0.1") == 0 for _ in range(8))
        tries.right("lin", "10.0.0.1")


def test_a_name_is_guessed_no_faster_from_many_machines_nor_a_machine_many_names() -> None:
    tries = Tries()
    waits = [tries.wait_seconds("lin", f"10.0.0.{n // 5}") for n in range(60)]
    assert waits[39] == 0 and waits[40] > 0
    waits = [tries.wait_seconds(f"user{n}", "10.9.9.9") for n in range(110)]
    assert waits[99] == 0 and waits[100] > 0
    assert tries.wait_seconds("USER1 ", "10.0.0.8") == 0
