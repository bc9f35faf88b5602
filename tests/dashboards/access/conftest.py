"""A dashboard with a gate before it, and people who come to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import flask
import pytest
from flask.testing import FlaskClient
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from analytics.access import LookLog, Users
from analytics.access import users as users_module
from analytics.access.places import Places
from analytics.access.roles import load_roles
from analytics.inbox import Inbox
from analytics.serve_settings import ServeSettings
from dashboards.access.gate import Gate
from dashboards.access.grant import Access
from dashboards.app import create_app

ZONE = "Asia/Shanghai"
PASSWORD = "correct horse battery"
ROLES = {
    "app_team": 'label = "在线组"\nlabel_en = "App team"\npages = ["/operations", "/"]\nmay_decide = true\n'
    '[defaults]\ndays = 7\nchannels = ["app"]\n[limits]\nchannels = ["app"]',
    "duty": 'label = "值班"\npages = ["/operations"]',
    "mask": 'label = "面膜"\n[limits]\nproducts = ["呛口小辣椒面膜"]',
    "wechat_team": 'label = "微信组"\n[limits]\nteams = ["微信组"]',
    "web_of_calls": 'label = "没有人"\n[limits]\nchannels = ["web"]\nteams = ["热线一组"]',
}


@dataclass
class Place:
    """A dashboard and the home it keeps its users and looks in."""

    server: flask.Flask
    places: Places
    users: Users
    looks: LookLog

    def client(self) -> FlaskClient:
        return self.server.test_client()


Make = Callable[..., Place]


@pytest.fixture(scope="session")
def make_place(warehouse: Path, made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return what makes a dashboard; keyword arguments are settings of `serve`."""

    def make(**serve: object) -> Place:
        places = Places(tmp_path_factory.mktemp("home"))
        places.views.mkdir()
        for name, text in ROLES.items():
            (places.views / f"{name}.toml").write_text(text, encoding="utf-8")
        settings = ServeSettings(**{"sign_in": "local", **serve})
        users, looks = Users(places.users), LookLog(places.looks)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(users_module, "generate_password_hash", lambda text, method: _quick(text))
            for name in ("lin", "wang"):
                users.add(name, "product" if name == "lin" else "app_team", PASSWORD)
        for name in ROLES:
            users.add(f"of_{name}", name)
        access = Access(users, load_roles(places.views), looks, settings.sign_in, settings.anonymous_role)
        inbox_url = f"sqlite:///{places.home / 'inbox.db'}"
        Inbox(inbox_url).close()
        app = create_app(warehouse, inbox_url, ZONE, gate=Gate(access, settings, "k" * 32))
        return Place(app.server, places, users, looks)

    return make


def _quick(text: str) -> str:
    return generate_password_hash(text, "pbkdf2:sha256:1")


@pytest.fixture(scope="session")
def place(make_place: Make) -> Place:
    return make_place()


def token_of(answer: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.get_data(as_text=True))
    assert found is not None
    return found.group(1)


def sign_in(client: FlaskClient, name: str = "lin", password: str = PASSWORD, **more: str) -> TestResponse:
    token = token_of(client.get("/sign-in"))
    return client.post("/sign-in", data={"name": name, "password": password, "csrf_token": token, **more})
