"""Who may ask, what may be asked, and what is answered to anything else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

import flask
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from analytics.access import Limits, LookLog, Users
from analytics.access.roles import Role
from dashboards.access.grant import Access, keep_access
from dashboards.api.markdown import PAGE, written
from dashboards.api.register import PER_MINUTE
from dashboards.app import create_app

Get = Callable[..., TestResponse]
LISTS = ("topics", "series", "indicators", "spikes", "dips", "alerts", "forecast", "contacts")
PATHS = (*LISTS, "topics/t01", "indicators/negative_share", "alerts/a-s1", "health")
PARAMETERS = ("from", "to", "channel", "product", "limit", "offset", "step", "by", "topic", "q", "hidden", "state",
              "mood", "spike", "dip", "day_from", "order", "way", "touchpoint", "category", "nothing")  # fmt: skip
HOSTILE = st.one_of(
    st.text(max_size=20), st.integers().map(str), st.dates().map(str), st.sampled_from(
        ("", "\0", "9" * 400, "-1", "1e9", "NaN", "0001-01-01", "9999-12-31", "2026-09-31", "' OR 1=1 --", "../..", "*")
    ),
)  # fmt: skip


@example(path="0\n", pairs=[])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.one_of(st.sampled_from(PATHS), st.text(max_size=12)),
    pairs=st.lists(st.tuples(st.sampled_from(PARAMETERS), HOSTILE), max_size=3),
)
def test_whatever_is_asked_it_is_not_our_fault(get: Get, path: str, pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in pairs)
    found = get(f"{quote(path, errors='replace')}?{query}")
    assert found.status_code < 500, (path, pairs)
    if found.status_code >= 400:
        assert found.content_type == "application/problem+json"
        assert found.json["status"] == found.status_code


@pytest.mark.parametrize("path", LISTS)
def test_broken_bytes_and_unknown_parameters_are_refused(get: Get, path: str) -> None:
    assert get(f"{path}?chanel=app").json["errors"][0]["parameter"] == "chanel"
    assert get(f"{path}?limit=%ff").status_code == 422


def test_a_problem_says_what_was_expected_and_what_to_do(get: Get) -> None:
    said = get("series?from=2026-09-31&to=2026-10-01").json
    assert (said["expected"], said["got"]) == ("a day as 2026-09-07", "2026-09-31")
    assert "/api/v1/" in said["what_to_do"]
    assert get("series?step=hour&from=2026-01-01&to=2026-10-01").json["expected"] == "at most 62 days"
    assert get("series?from=2026-09-01").json["errors"][0]["parameter"] == "to"
    assert get("topics/none").status_code == get("alerts/none").status_code == get("indicators/none").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(server: flask.Flask, method: str) -> None:
    for path in ("topics", "health", "none"):
        found = server.test_client().open(f"/api/v1/{path}", method=method)
        assert (found.status_code, found.content_type) == (405, "application/problem+json")


def test_what_is_known_already_is_not_sent_again(get: Get) -> None:
    first = get("topics")
    again = get("topics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert get("topics?limit=3", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    alerts = get("alerts").headers["ETag"]
    assert get("alerts", headers={"If-None-Match": alerts}).status_code == 304
    assert "ETag" not in get("contacts").headers


def test_health_without_and_with_a_warehouse(get: Get, tmp_path: Path) -> None:
    found = get("health").json
    assert (found["status"], found["last_day"]) == ("ok", "2026-10-04")
    nothing = create_app(tmp_path / "voc.duckdb", "sqlite:///no/such/inbox.db", "UTC").server.test_client()
    told = nothing.get("/api/v1/health")
    assert (told.status_code, told.json["status"]) == (503, "not_published")
    assert nothing.get("/api/v1/series").status_code == 503


def test_the_description_and_the_page_ask_no_other_host(get: Get) -> None:
    described = get("openapi.json").json
    page = get("").get_data(as_text=True)
    assert {f"/api/v1/{path}" for path in LISTS} <= set(described["paths"])
    assert all(path in page for path in described["paths"])
    assert not re.findall(r"<script|(?:src|href)=\"(?:https?:)?//|url\(|@import", page)


def test_too_many_requests_are_told_when_to_come_again(warehouse: Path) -> None:
    server = create_app(warehouse, "sqlite:///no/such/inbox.db", "UTC").server
    server.config[PER_MINUTE] = 3
    client = server.test_client()
    assert [client.get("/api/v1/health").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get("/api/v1/health").json["expected"] == "at most 3 per 1 minute"
    assert client.get("/").status_code == 200


class TestTokens:
    """Where people sign in, programs come with tokens."""

    @pytest.fixture(scope="class")
    def users(self, tmp_path_factory: pytest.TempPathFactory) -> Users:
        found = Users(tmp_path_factory.mktemp("users") / "users.toml")
        found.add("bot", "apps")
        return found

    @pytest.fixture(scope="class")
    def client(self, warehouse: Path, users: Users) -> Iterator[Callable[[str, str], TestResponse]]:
        server = create_app(warehouse, "sqlite:///no/such/inbox.db", "Asia/Shanghai").server
        looks = LookLog(users.path.parent / "looks")
        roles = {"apps": Role("apps", "App", limits=Limits(channels=("app",)))}
        keep_access(server, Access(users=users, roles=roles, looks=looks, sign_in="local"))
        asking = server.test_client()
        yield lambda path, token: asking.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})

    def test_nobody_without_one(self, client: Callable[[str, str], TestResponse]) -> None:
        for token in ("", "ksh_unknown", "kshc_unknown"):
            found = client("topics", token)
            assert found.status_code == 401 and "WWW-Authenticate" in found.headers
        assert client("health", "").status_code == 200

    def test_numbers_are_of_the_rows_that_may_be_seen(
        self, client: Callable[[str, str], TestResponse], users: Users, made_up: ModuleType
    ) -> None:
        token = users.new_token("bot", "numbers")
        mine = sum(row["channel"] == "app" for row in made_up.contacts())
        period = "from=2026-09-01&to=2026-10-31"
        assert sum(p["n"] for p in client(f"series?{period}", token).json["data"]) == mine
        assert client(f"series?{period}&channel=wechat", token).json["data"] == []
        assert client("contacts", token).status_code == 403

    def test_words_take_a_token_for_them_and_each_look_is_kept(
        self, client: Callable[[str, str], TestResponse], users: Users
    ) -> None:
        told = client("contacts?limit=3", users.new_token("bot", "words", contacts=True)).json["data"]
        assert {row["channel"] for row in told} == {"app"}
        (look,) = LookLog(users.path.parent / "looks").read()
        assert (look.viewer, look.kind, look.contact_ids) == ("bot", "api", tuple(row["contact_id"] for row in told))


def test_the_document_lists_what_the_api_has(server: flask.Flask) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page, server.extensions["kesheng-api"].described()), "python -m dashboards.api.markdown"
