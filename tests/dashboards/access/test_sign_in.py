from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from dashboards.access import gate as gate_module
from dashboards.access import sign_in as sign_in_module
from dashboards.access.sessions import Sessions
from dashboards.access.throttle import Tries
from dashboards.access.viewer import viewer_now
from tests.dashboards.access.conftest import PASSWORD, Make, Place, sign_in


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def client(place: Place) -> FlaskClient:
    return place.client()


@pytest.fixture(autouse=True)
def _tries_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tries of one test do not count in another; what is counted is tested in `test_throttle.py`."""
    monkeypatch.setattr(Tries, "wait_seconds", lambda *given: 0)


def is_in(client: FlaskClient) -> bool:
    return client.get("/_dash-layout").status_code == 200


def links(client: FlaskClient) -> set[str]:
    """Return the pages that the navigation offers."""
    layout = str(client.get("/_dash-layout").json)
    return set(re.findall(r"\{'type': 'nav', 'path': '([^']+)'\}", layout)) | set(
        re.findall(r"\{'path': '([^']+)', 'type': 'nav'\}", layout)
    )


def test_nothing_is_shown_before_signing_in(client: FlaskClient) -> None:
    answer = client.get("/topics?topic=t1")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=%2Ftopics%3Ftopic%3Dt1")
    for path in ("/_dash-layout", "/_dash-dependencies"):
        refused = client.get(path)
        assert (refused.status_code, refused.headers["X-Kesheng-Again"]) == (401, "sign-in")
    assert client.get("/assets/kesheng.css").status_code == 200
    assert client.get("/api/v1/topics").status_code == 401


def test_the_right_password_leads_to_what_was_wanted(client: FlaskClient) -> None:
    answer = sign_in(client, next="/topics?topic=t1")
    assert (answer.status_code, answer.location) == (302, "/topics?topic=t1")
    assert is_in(client) and "lin" in client.get("/_dash-layout").get_data(as_text=True)
    assert client.get("/sign-in").status_code == 302


def test_one_starts_on_the_first_page_of_the_role_and_sees_no_other(client: FlaskClient) -> None:
    assert sign_in(client, "wang").location == "/operations"
    assert links(client) == {"/", "/operations"}


def test_the_address_of_the_site_leads_to_ones_own_first_page(make_place: Make) -> None:
    client = make_place(anonymous_role="duty").client()
    assert client.get("/").location == "/operations"
    assert client.get("/operations").status_code == 200


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-out", "x"])
def test_signing_in_leads_to_no_other_site(client: FlaskClient, wanted: str) -> None:
    assert sign_in(client, next=wanted).location == "/topics"


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client: FlaskClient) -> None:
    wrong, unknown = sign_in(client, "lin", "wrong password"), sign_in(client, "nil", "wrong password")
    assert wrong.status_code == unknown.status_code == 401
    texts = [answer.get_data(as_text=True) for answer in (wrong, unknown)]
    assert "用户名或密码不对" in texts[0]
    bare = [re.sub(r'name="csrf_token" value="[^"]+"|"lin"|"nil"', "", text) for text in texts]
    assert bare[0] == bare[1]
    assert not is_in(client)


def test_a_password_is_never_sent_back(client: FlaskClient) -> None:
    assert "wrong password" not in sign_in(client, "lin", "wrong password").get_data(as_text=True)


def test_a_form_from_elsewhere_is_not_read(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"name": "lin", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert not is_in(client)


def test_a_callback_needs_the_token_of_its_own_page(place: Place) -> None:
    client = place.client()
    sign_in(client)
    client.get("/")
    token = client.get_cookie("_csrf_token")
    assert token is not None and not token.http_only and token.same_site == "Strict"
    body = {"output": "no.such", "inputs": [], "changedPropIds": []}
    refused = client.post("/_dash-update-component", json=body)
    assert (refused.status_code, refused.headers["X-Kesheng-Again"]) == (403, "reload")
    other = client.post("/_dash-update-component", json=body, headers={"X-CSRFToken": token.value + "x"})
    assert other.status_code == 403
    known = client.post("/_dash-update-component", json=body, headers={"X-CSRFToken": token.value})
    assert known.status_code != 403 and known.status_code != 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(make_place: Make) -> None:
    client = make_place(https=True).client()
    answer = client.get("/sign-in", base_url="https://localhost")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-kesheng="))
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")) and "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]


def test_signing_out_ends_a_copied_cookie_too(place: Place) -> None:
    client, thief = place.client(), place.client()
    sign_in(client)
    cookie = client.get_cookie("kesheng")
    assert cookie is not None
    thief.set_cookie("kesheng", cookie.value)
    assert is_in(thief)
    client.get("/")
    token = client.get_cookie("_csrf_token")
    assert token is not None
    assert client.post("/sign-out", data={"csrf_token": token.value}).location == "/sign-in"
    assert not is_in(client) and not is_in(thief)
    assert client.get("/sign-out").status_code != 200  # a link cannot sign anybody out


def test_a_session_ends_with_its_password_role_or_user(make_place: Make) -> None:
    place = make_place()
    changes = [
        lambda: place.users.set_password("lin", PASSWORD),
        lambda: place.users.set_role("lin", "leader"),
        lambda: place.users.remove("lin"),
    ]
    for change in changes:
        client = place.client()
        sign_in(client)
        assert is_in(client)
        change()
        assert not is_in(client)


@pytest.fixture
def timed(make_place: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Place, Clock]]:
    clock = Clock()
    monkeypatch.setattr(gate_module, "Sessions", lambda access, ends: Sessions(access, ends, clock))
    yield make_place(idle_minutes=30, session_hours=2), clock


def test_a_session_ends_without_use_and_in_any_case(timed: tuple[Place, Clock]) -> None:
    place, clock = timed
    client = place.client()
    sign_in(client)
    for _ in range(5):
        clock.now += 29 * 60
        assert is_in(client) or clock.now > 1_800_000_000.0 + 2 * 3600
    assert not is_in(client)  # over two hours, though always in use
    sign_in(client)
    clock.now += 31 * 60
    assert not is_in(client)


def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(timed: tuple[Place, Clock]) -> None:
    place, clock = timed
    client = place.client()
    sign_in(client)
    client.get("/")
    token = client.get_cookie("_csrf_token")
    assert token is not None
    for _ in range(4):
        clock.now += 9 * 60
        body = {"output": "no.such", "inputs": [], "changedPropIds": ["inbox-tick.n_intervals"]}
        client.post("/_dash-update-component", json=body, headers={"X-CSRFToken": token.value})
    assert not is_in(client)


def test_a_visitor_looks_where_settings_say_so_and_decides_nothing(make_place: Make) -> None:
    place = make_place(anonymous_role="app_team")
    client = place.client()
    assert client.get("/").status_code == 200 and is_in(client)
    assert links(client) == {"/", "/operations"}
    assert "登录" in str(client.get("/_dash-layout").json)
    with place.server.test_request_context("/"):
        place.server.preprocess_request()
        viewer = viewer_now()
        assert not viewer.may_decide and viewer.limits.channels == ("app",)
    assert client.get("/api/v1/topics").status_code == 401
    assert "不登录，只看看" in client.get("/sign-in").get_data(as_text=True)


def test_a_role_that_is_gone_lets_nobody_in(make_place: Make) -> None:
    place = make_place()
    place.users.set_role("lin", "gone")
    answer = sign_in(place.client())
    assert answer.status_code == 403 and "角色没有定义" in answer.get_data(as_text=True)


def test_the_page_speaks_english_and_goes_dark(client: FlaskClient) -> None:
    client.set_cookie("kesheng-language", "en")
    client.set_cookie("kesheng-scheme", "dark")
    page = client.get("/sign-in").get_data(as_text=True)
    assert 'lang="en"' in page and 'data-mantine-color-scheme="dark"' in page
    assert "User name" in page and "用户名" not in page
    assert "<script>" not in page and "onclick" not in page and "style=" not in page


def test_an_address_of_the_site_alone_is_gone_on_to() -> None:
    assert sign_in_module.next_of("/topics?x=1#a") == "/topics?x=1#a"
    assert sign_in_module.next_of("/\n/evil") == "" and sign_in_module.next_of(None) == ""
