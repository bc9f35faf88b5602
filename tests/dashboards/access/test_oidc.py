"""Signing in by a provider, against a small one on this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.test import TestResponse

from tests.dashboards.access.conftest import Make, Place


@dataclass
class Provider:
    """What the fake provider tells of whoever signs in there; a test changes it."""

    server: HTTPServer
    key: ECKey
    claims: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return self.server.url_for("")

    def token(self, request: Request) -> Response:
        self.asked = dict(request.form)
        now = int(time.time())
        told = {"iss": self.issuer, "aud": "kesheng", "sub": "1", "iat": now, "exp": now + 60, **self.claims}
        signed = jwt.encode({"alg": "ES256", "kid": "k"}, told, self.key)
        answer = {"access_token": "x", "token_type": "Bearer", "id_token": signed}
        return Response(json.dumps(answer), content_type="application/json")


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    key = ECKey.generate_key("P-256", {"kid": "k"})
    with HTTPServer(host="127.0.0.1", port=0) as server:
        found = Provider(server, key)
        server.expect_request("/.well-known/openid-configuration").respond_with_json({
            "issuer": found.issuer, "authorization_endpoint": server.url_for("/authorize"),
            "token_endpoint": server.url_for("/token"), "jwks_uri": server.url_for("/jwks"),
            "id_token_signing_alg_values_supported": ["ES256"],
        })  # fmt: skip
        server.expect_request("/jwks").respond_with_json({"keys": [key.as_dict(private=False)]})
        server.expect_request("/token", method="POST").respond_with_handler(found.token)
        yield found


@pytest.fixture(scope="module")
def place(make_place: Make, provider: Provider) -> Place:
    oidc = {
        "issuer": provider.issuer, "client_id": "kesheng", "client_secret": "s3cret",
        "roles": {"voc-app": "app_team", "voc": "reader"},
    }  # fmt: skip
    return make_place(sign_in="oidc", oidc=oidc)


def come_back(client: FlaskClient, provider: Provider, *, state: str | None = None, **claims: Any) -> TestResponse:
    """Go to the provider, be who the claims say, and come back."""
    sent = client.get("/sign-in/oidc?next=%2Foperations%3Fday%3D2026-10-04")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.location).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["redirect_uri"] == "http://localhost/sign-in/oidc/back"
    provider.claims = {"preferred_username": "chen", "nonce": asked["nonce"], **claims}
    return client.get("/sign-in/oidc/back", query_string={"code": "c", "state": state or asked["state"]})


def is_in(client: FlaskClient) -> bool:
    return client.get("/_dash-layout").status_code == 200


def test_a_group_of_the_company_becomes_a_role(place: Place, provider: Provider) -> None:
    client = place.client()
    assert "用公司帐号登录" in client.get("/sign-in").get_data(as_text=True)
    answer = come_back(client, provider, groups=["staff", "voc", "voc-app"])
    assert answer.location == "/operations?day=2026-10-04"
    layout = str(client.get("/_dash-layout").json)
    assert "chen" in layout and "在线组" in layout
    assert provider.asked["code_verifier"] and provider.asked["grant_type"] == "authorization_code"


def test_somebody_without_a_role_is_told_so(place: Place, provider: Provider) -> None:
    client = place.client()
    answer = come_back(client, provider, groups=["staff"])
    assert answer.status_code == 403 and "没有查看客声的角色" in answer.get_data(as_text=True)
    assert not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"aud": "another"}, {"iss": "https://another.example"}, {"exp": 1}],
    ids=["nonce", "audience", "issuer", "expired"],
)
def test_a_token_made_for_another_time_or_place_is_not_believed(
    place: Place, provider: Provider, claims: dict[str, Any]
) -> None:
    client = place.client()
    assert come_back(client, provider, groups="voc", **claims).status_code == 502
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_is_not_believed(place: Place, provider: Provider) -> None:
    client = place.client()
    assert come_back(client, provider, groups="voc", state="another").status_code == 502
    assert not is_in(client)


def test_a_token_signed_by_somebody_else_is_not_believed(
    place: Place, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = place.client()
    monkeypatch.setattr(provider, "key", ECKey.generate_key("P-256", {"kid": "k"}))
    assert come_back(client, provider, groups="voc").status_code == 502
    assert not is_in(client)


def test_a_provider_that_is_down_is_told_without_its_secret(make_place: Make) -> None:
    oidc = {"issuer": "http://127.0.0.1:9", "client_id": "kesheng", "client_secret": "s3cret"}
    answer = make_place(sign_in="oidc", oidc=oidc).client().get("/sign-in/oidc")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 502 and "公司登录没有成功" in text and "s3cret" not in text


def test_passwords_are_not_taken_where_the_company_signs_in(place: Place) -> None:
    client = place.client()
    page = client.get("/sign-in").get_data(as_text=True)
    assert 'type="password"' not in page
    client.get("/sign-in")
    token = client.get_cookie("_csrf_token")
    assert token is not None
    answer = client.post("/sign-in", data={"name": "lin", "password": "x", "csrf_token": token.value})
    assert answer.status_code == 404 and not is_in(client)
