"""A JSON interface on loopback that pages, and misbehaves as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

PAGE_SIZE = 10
Record = dict[str, Any]
Fault = str


class Interface:
    """Records in a list; `faults` are spent one a request, before a good answer.

    A fault is a status ("503", "429 7": with Retry-After), "cut" (half a body), "html", "other" (JSON without records),
    "drop" (no answer) or "repeat" (the answer before once more, within a run); "ok" is none.
    """

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.faults: list[Fault] = []
        self.requests: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.expired: set[str] = set()
        self.port = 0
        self.client = httpx.Client(verify=False)  # one for all: reading the certificates takes longer than a test
        self._last: tuple[bytes, dict[str, str]] = (b"{}", {})
        self._last_since: str | None = "never"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1/tickets"

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        fault = self.faults.pop(0) if self.faults else "ok"
        if fault[0].isdigit():
            status, _, wait = fault.partition(" ")
            return int(status), b"{}", {"Retry-After": wait} if wait else {}
        if fault == "html":
            return 200, b"<html>busy</html>", {}
        if fault == "other":
            return 200, b'{"errcode": 45009, "errmsg": "busy"}', {}
        if query.get("cursor") in self.expired:
            return 410, b"{}", {}
        if fault == "repeat" and self._last_since == query.get("since"):
            return 200, *self._last
        body, headers = self._page(path, query)
        self._last, self._last_since = (body, headers), query.get("since")
        if fault == "cut":
            return 200, body[: len(body) // 2], {**headers, "cut": str(len(body))}
        return 200, body, headers

    def _page(self, path: str, query: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        """Offer all ways at once: a cursor, a page's number, a link."""
        start = int(query.get("cursor", 0)) or (int(query.get("page", 1)) - 1) * PAGE_SIZE
        found = [record for record in self.records if record["at"] >= query.get("since", "")]
        shown, more = found[start : start + PAGE_SIZE], len(found) > start + PAGE_SIZE
        following = str(start + PAGE_SIZE)
        link = f"{path}?{urlencode({**query, 'cursor': following})}"
        body = {"data": {"items": shown}, "next": following if more else None, "more": more}
        return json.dumps(body).encode(), {"Link": f'<{link}>; rel="next"'} if more else {}


def _handler(interface: Interface) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one packet: the second would wait for an answer to the first

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            interface.requests.append(query)
            interface.headers.append({name.lower(): value for name, value in self.headers.items()})
            if interface.faults and interface.faults[0] == "drop":
                interface.faults.pop(0)
                self.close_connection = True
                return
            status, body, headers = interface.answer(parts.path, query)
            cut = headers.pop("cut", None)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", cut or str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = cut is not None

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def interface() -> Iterator[Interface]:
    interface = Interface()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(interface)) as server:
        server.daemon_threads = True
        interface.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield interface
        finally:
            interface.client.close()
            server.shutdown()
            thread.join()
