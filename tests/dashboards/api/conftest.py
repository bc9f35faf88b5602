"""The API over the made-up warehouse, as programs call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask
import pytest
from werkzeug.test import TestResponse

from dashboards.api.register import PER_MINUTE
from dashboards.app import create_app

ZONE = "Asia/Shanghai"
Get = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def server(warehouse: Path) -> flask.Flask:
    found: flask.Flask = create_app(warehouse, "sqlite:///no/such/inbox.db", ZONE).server
    found.config[PER_MINUTE] = 1_000_000
    return found


@pytest.fixture(scope="session")
def get(server: flask.Flask) -> Get:
    client = server.test_client()

    def asked(path: str, **options: Any) -> TestResponse:
        return client.get(f"/api/v1/{path}", **options)

    return asked
