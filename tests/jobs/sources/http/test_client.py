import datetime as dt
import gzip
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from analytics.errors import ConfigError, StageError
from analytics.source_settings import HttpSettings
from jobs.sources.http import fetch_http

NOW = dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)
URL = "https://crm.example/v1/tickets"
Answer = Callable[[httpx.Request], httpx.Response]


def source(url: str = URL, **values: Any) -> HttpSettings:
    return HttpSettings(url=url, **{"key": "id", **values})


def collect(settings: HttpSettings, answer: Answer, environ: dict[str, str] | None = None) -> list[Any]:
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        pieces = list(fetch_http(settings, None, client=client, sleep=lambda seconds: None, environ=environ or {}))
    return [json.loads(line) for piece in pieces for line in piece.data.splitlines()]


def waits_of(interface: Any, faults: list[str], **values: Any) -> list[float]:
    """Return how long the collector waited between tries."""
    interface.records, interface.faults = [{"id": 1, "at": ""}], list(faults)
    waits: list[float] = []
    settings = source(interface.url, records="data.items", **values)
    clients = {"client": interface.client, "environ": {}}
    assert len(list(fetch_http(settings, None, sleep=waits.append, clock=lambda: NOW, **clients))) == 1
    return waits


def test_retry_after_is_heard_in_seconds_and_as_a_date(interface: Any) -> None:
    faults = ["429 7", "503 Sun, 01 Mar 2026 10:00:30 GMT", "429 Sunday, 01-Mar-26 10:00:09 GMT", "503 0"]
    assert waits_of(interface, faults) == [7.0, 30.0, 9.0, 0.0]
    assert waits_of(interface, ["503 Sun, 01 Mar 2026 09:00:00 GMT"]) == [0.0]


def test_without_a_word_the_wait_doubles_up_to_the_longest_less_a_random_half(interface: Any) -> None:
    faults = ["500", "503", "429", "429 soon", "cut", "drop", "html"]
    waits = waits_of(interface, faults, attempts=8, max_wait_seconds=8)
    full = [0.5, 1, 2, 4, 8, 8, 8]
    assert all(0.5 * most <= wait <= most for wait, most in zip(waits, full, strict=True))
    assert len({wait / most for wait, most in zip(waits, full, strict=True)}) > 1
    assert waits == waits_of(interface, faults, attempts=8, max_wait_seconds=8)


def test_an_interface_that_asks_for_more_patience_than_we_have_is_left_alone(interface: Any) -> None:
    interface.faults = ["429 3600"]
    with pytest.raises(StageError, match=r"asks to wait 3600 s, more than http\.max_wait_seconds \(120\)"):
        list(fetch_http(source(interface.url), None, client=interface.client, environ={}))
    assert len(interface.requests) == 1


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ("500", StageError, "HTTP 500"),
        ("drop", StageError, r"no whole answer \(RemoteProtocolError\)"),
        ("cut", StageError, r"no whole answer \(RemoteProtocolError\)"),
        ("html", ConfigError, "a page is not JSON; expected JSON, whole"),
        ("other", ConfigError, r"expected a list at 'data\.items' .* got an object with errcode, errmsg"),
    ],
)
def test_a_fault_that_stays_is_said_after_the_last_try(
    interface: Any, fault: str, error: type[Exception], message: str
) -> None:
    interface.faults = [fault] * 3
    settings = source(interface.url, records="data.items", attempts=3, params={"phone": "1380000"})
    with pytest.raises(error, match=rf"{interface.url}: .*{message}.*after 3 tries") as raised:
        list(fetch_http(settings, None, client=interface.client, sleep=lambda seconds: None, environ={}))
    assert len(interface.requests) == 3
    assert "1380000" not in str(raised.value)


def test_nothing_listening_is_said() -> None:
    settings = source("http://127.0.0.1:1/v1", attempts=2)
    with pytest.raises(StageError, match=r"http://127\.0\.0\.1:1/v1: no whole answer \(ConnectError\) \(after 2 tries"):
        list(fetch_http(settings, None, sleep=lambda seconds: None, environ={}))


def test_headers_and_parameters_are_filled_from_the_environment(interface: Any) -> None:
    interface.records = [{"id": 1, "at": ""}]
    settings = source(
        interface.url,
        records="data.items",
        headers={"Authorization": "Bearer ${CRM_TOKEN}"},
        params={"shop": "${SHOP}", "limit": "2"},
    )
    list(fetch_http(settings, None, client=interface.client, environ={"CRM_TOKEN": "t0p\n", "SHOP": "7"}))
    assert interface.headers[0]["authorization"] == "Bearer t0p"
    assert interface.requests == [{"shop": "7", "limit": "2"}]


def test_a_variable_that_is_not_set_is_named_before_anything_is_asked(interface: Any) -> None:
    settings = source(interface.url, headers={"X-Key": "${CRM_KEY}"})
    with pytest.raises(ConfigError, match=r"http\.headers\.X-Key needs the environment variable CRM_KEY"):
        list(fetch_http(settings, None, environ={"CRM_KEY": "  "}))
    assert interface.requests == []


@pytest.mark.parametrize("status", [401, 403])
def test_refused_access_says_which_variable_to_check_not_what_is_in_it(status: int) -> None:
    settings = source(headers={"Authorization": "Bearer ${CRM_TOKEN}"}, params={"key": "${CRM_KEY}"})
    with pytest.raises(ConfigError) as raised:
        collect(settings, lambda request: httpx.Response(status), {"CRM_TOKEN": "s3cret", "CRM_KEY": "s3cret"})
    assert str(raised.value) == (
        f"{URL}: HTTP {status}, access refused; check environment variable CRM_TOKEN (http.headers.Authorization)"
        " and environment variable CRM_KEY (http.params.key)"
    )


def test_other_refusals_are_not_tried_again() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(404)

    with pytest.raises(ConfigError, match="HTTP 404; expected 200; check address"):
        collect(source(), answer)
    assert len(asked) == 1


def test_no_secret_is_logged(interface: Any, caplog: pytest.LogCaptureFixture) -> None:
    interface.records, interface.faults = [{"id": 1, "at": ""}], ["503"]
    settings = source(interface.url, records="data.items", params={"key": "${CRM_KEY}"})
    with caplog.at_level(logging.DEBUG):
        list(
            fetch_http(
                settings, None, client=interface.client, sleep=lambda seconds: None, environ={"CRM_KEY": "s3cret"}
            )
        )
    assert "s3cret" not in caplog.text


def test_redirects_on_the_same_host_are_followed() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/tickets":
            return httpx.Response(302, headers={"Location": "/v2/tickets?b=2"})
        assert request.headers["X-Key"] == "k"
        return httpx.Response(200, json=[{"id": str(request.url)}])

    assert collect(source(headers={"X-Key": "k"}), answer) == [{"id": "https://crm.example/v2/tickets?b=2"}]


@pytest.mark.parametrize(
    "target",
    ["https://other.example/x", "//other.example/x", "https://crm.example:8443/x", "https://crm.example.other/x"],
)
@pytest.mark.parametrize("way", ["redirect", "link"])
def test_another_host_is_told_nothing(way: str, target: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if way == "redirect":
            return httpx.Response(307, headers={"Location": target})
        return httpx.Response(200, json=[{"id": 1}], headers={"Link": f'<{target}>; rel="next"'})

    with pytest.raises(ConfigError, match=r"leads on to .*, another host, which is not told our headers"):
        collect(source(paging="link", headers={"X-Key": "k"}), answer)
    assert asked == ["crm.example"]


def test_a_link_without_the_s_is_asked_by_https() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        more = {"Link": "<http://crm.example/v1/tickets?page=2>; rel=next"} if "page" not in request.url.params else {}
        return httpx.Response(200, json=[{"id": str(request.url)}], headers=more)

    assert [record["id"] for record in collect(source(paging="link"), answer)] == [URL, f"{URL}?page=2"]


def test_redirects_without_an_end_are_refused() -> None:
    with pytest.raises(ConfigError, match="more than 5 redirects"):
        collect(source(), lambda request: httpx.Response(302, headers={"Location": URL}))


def test_a_link_that_repeats_a_key_is_kept_without_it_and_asked_with_it() -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        number = int(request.url.params.get("page", 1))
        body = {"items": [{"id": number}], "next": f"/v1/tickets?key=s3cret&page={number + 1}" if number < 3 else None}
        return httpx.Response(200, json=body)

    settings = source(
        records="items", paging="link", cursor_path="next", params={"key": "${CRM_KEY}", "a": "1"}, batch_records=1
    )
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        pieces = list(fetch_http(settings, None, client=client, environ={"CRM_KEY": "s3cret"}))
    assert [piece.cursor["position"] for piece in pieces] == [
        {"link": "/v1/tickets?page=2"},
        {"link": "/v1/tickets?page=3"},
        None,
    ]
    assert "s3cret" not in json.dumps([piece.cursor for piece in pieces])
    assert [one["key"] for one in asked] == ["s3cret"] * 3


@pytest.mark.parametrize(
    ("response", "records"),
    [
        (httpx.Response(204), []),
        (httpx.Response(200, content='[{"id": "甲"}]'.encode("utf-8-sig")), [{"id": "甲"}]),
        (
            httpx.Response(
                200, content='[{"id": "甲"}]'.encode("gbk"), headers={"Content-Type": "text/json; charset=GBK"}
            ),
            [{"id": "甲"}],
        ),
        (httpx.Response(200, content=b'[{"id": "\\ud83d\\ude00 \\ud83d"}]'), [{"id": "😀 \ufffd"}]),
        (httpx.Response(200, content=b"null"), []),
    ],
)
def test_answers_are_read_whatever_their_encoding(response: httpx.Response, records: list[Any]) -> None:
    assert collect(source(), lambda request: response) == records


def test_a_header_with_other_characters_is_refused_without_showing_it() -> None:
    with pytest.raises(ConfigError, match=r"http\.headers\.X-Key holds characters") as raised:
        collect(source(headers={"X-Key": "${K}"}), lambda request: httpx.Response(204), {"K": "密钥"})
    assert "密钥" not in str(raised.value)


def test_the_address_in_an_error_has_neither_password_nor_query() -> None:
    with pytest.raises(ConfigError) as raised:
        collect(
            source("https://u:s3cret@crm.example/${T}?key=s3cret"), lambda request: httpx.Response(418), {"T": "t9"}
        )
    assert str(raised.value).startswith("https://crm.example/${T}: HTTP 418")
    assert "s3cret" not in str(raised.value) and "t9" not in str(raised.value)


class _Endless(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b" " * 300_000


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: httpx.Response(200, stream=_Endless()),
        lambda request: httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, content=gzip.compress(b" " * 3_000_000)
        ),
    ],
)
def test_an_answer_is_read_no_further_than_its_limit(answer: Answer) -> None:
    with pytest.raises(ConfigError, match=r"an answer of more than 1 MB.*http\.page_mb"):
        collect(source(page_mb=1), answer)


def test_an_answer_that_never_comes_whole_is_given_up() -> None:
    with pytest.raises(StageError, match="an answer was not whole after 0 s"):
        collect(source(page_seconds=1e-9, attempts=1), lambda request: httpx.Response(200, stream=_Endless()))


@pytest.mark.parametrize("place", ["file:///etc/hostname", "http://169.254.169.254/latest", "//evil.example/x"])
def test_redirects_lead_neither_to_files_nor_to_other_machines(place: str) -> None:
    with pytest.raises(ConfigError, match="another host"):
        collect(source(), lambda request: httpx.Response(302, headers={"Location": place}))


def test_a_number_of_thousands_of_digits_is_no_page() -> None:
    with pytest.raises(ConfigError, match="a page is not JSON"):
        collect(source(attempts=1), lambda request: httpx.Response(200, content=b"[" + b"9" * 5000 + b"]"))
