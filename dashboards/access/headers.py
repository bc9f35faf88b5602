"""Headers of every answer: what a browser may load and run, and what it must not keep."""

from __future__ import annotations

from collections.abc import Callable

import dash
import flask

_LASTING = ("/assets/", "/_dash-component-suites/")
"""Code and looks, the same for everybody; all other answers hold data."""


def send_headers(app: dash.Dash, *, https: bool = False) -> None:
    """Put the headers on every answer of `app`; `https` says that people come over TLS.

    Scripts: only files of this host and Dash's own two inline lines, named by hash; nothing is evaluated. Styles may be
    inline, because Mantine, AG Grid and Plotly write style elements and attributes while they draw.
    """
    server: flask.Flask = app.server
    policy = _once(lambda: _policy(app))

    @server.after_request
    def add(response: flask.Response) -> flask.Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy())
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not flask.request.path.startswith(_LASTING):
            headers.setdefault("Cache-Control", "no-store")
        return response


def _policy(app: dash.Dash) -> str:
    parts = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *app.csp_hashes()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _once(make: Callable[[], str]) -> Callable[[], str]:
    """Return `make` computed at the first request: all callbacks with inline code are there by then."""
    kept: list[str] = []

    def found() -> str:
        if not kept:
            kept.append(make())
        return kept[0]

    return found
