"""Serve the dashboard: `python -m dashboards.app`."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dash
import flask
import waitress

from analytics.access import LookLog, Users
from analytics.access.places import Places
from analytics.access.roles import load_roles, role_of
from analytics.access.session_key import session_key
from analytics.errors import ConfigError, KeshengError
from analytics.kpi_catalog import INDICATORS, Indicator, load_indicators
from analytics.serve_settings import check_reach, is_loopback
from analytics.settings import Settings, load_settings
from dashboards import alert_deciding, callbacks, correcting, deciding, exporting, lists
from dashboards.access.gate import LARGEST_REQUEST_BYTES, Gate, guard
from dashboards.access.grant import Access
from dashboards.access.headers import send_headers
from dashboards.access.viewer import viewer_now
from dashboards.api.register import register as register_api
from dashboards.frame import layout
from dashboards.language import msg
from dashboards.pages import PAGES
from dashboards.site import Site
from dashboards.warming import keep_warm

_SWITCH_SECONDS = 0.0005
_LARGEST_HEADER_BYTES = 65_536
_SILENT_SECONDS, _CLEANUP_SECONDS = 60, 10
"""A connection on which nothing moves for this long is closed, looked for this often."""


def create_app(
    warehouse: Path,
    inbox_url: str,
    zone: str,
    *,
    leave_out: bool = True,
    indicators: Mapping[str, Indicator] = INDICATORS,
    gate: Gate | None = None,
) -> dash.Dash:
    """Return the dashboard over one warehouse.

    Parameters
    ----------
    warehouse : Path
        The published DuckDB file. It may not exist yet: the pages then say what to run.
    inbox_url : str
        SQLAlchemy address of the inbox; without one, alerts are shown as they stood at publication.
    zone : str
        Zone in which times are shown, such as Asia/Shanghai.
    leave_out : bool
        Whether numbers are without flagged contacts, as the jobs counted them.
    indicators : mapping of str to Indicator, optional
        Those of the site; the project's if not given.
    gate : Gate, optional
        Who may look; without one whoever reaches the address may, and no look is kept.

    Notes
    -----
    All scripts, styles and fonts come from this machine.
    """
    app = dash.Dash(
        "kesheng",
        title=msg("客声"),
        update_title="",
        assets_folder=str(Path(__file__).parent / "assets"),
        serve_locally=True,
        suppress_callback_exceptions=True,
    )
    app.index_string = app.index_string.replace("<html>", '<html lang="zh-CN">')
    app.layout = lambda: layout(tuple(p for p in PAGES if viewer_now().has_page(p.path)))  # drawn for each visitor
    site = Site(warehouse, inbox_url, zone, PAGES, leave_out=leave_out, indicators=indicators)
    callbacks.register(app, site)
    lists.register(app, site)
    correcting.register(app, site)
    deciding.register(app, site)
    alert_deciding.register(app, site)
    exporting.register(app, site)
    register_api(app, site)
    app.server.extensions["kesheng"] = site
    if gate is None:
        send_headers(app)
    else:
        guard(app, gate)
    return app


def gate_of(settings: Settings, host: str) -> Gate:
    """Return who may look, as the settings say; on this machine's own address other host names are refused.

    Raises
    ------
    ConfigError
        If other machines can reach an address where nobody signs in, or a role is not declared.
    """
    serve_settings, places = settings.serve, Places(settings.home)
    check_reach(serve_settings, host)
    roles = load_roles(places.views)
    for name in filter(None, [serve_settings.anonymous_role, serve_settings.oidc.other_role,
                              *serve_settings.oidc.roles.values()]):  # fmt: skip
        role_of(roles, name)
    if is_loopback(host) and not serve_settings.names and serve_settings.sign_in == "none":
        # A page elsewhere whose name was made to mean this machine must not read what is here.
        serve_settings = serve_settings.model_copy(update={"names": ("localhost", "127.0.0.1", "[::1]")})
    users = Users(places.users)
    users.all()
    access = Access(users, roles, LookLog(places.looks), serve_settings.sign_in, serve_settings.anonymous_role)
    return Gate(access, serve_settings, session_key(places.key, serve_settings.key.get_secret_value()))


def serve(app: dash.Dash, *, host: str, port: int, threads: int, connections: int = 400) -> None:
    """Serve until interrupted.

    Raises
    ------
    ConfigError
        If the address cannot be listened on.
    """
    server = listening(app.server, host=host, port=port, threads=threads, connections=connections)
    # A thread that waits for DuckDB gets the interpreter back soon: with 5 ms a short answer stands behind long ones.
    sys.setswitchinterval(_SWITCH_SECONDS)
    keep_warm(app.server.extensions["kesheng"])
    logging.getLogger(__name__).info("dashboard at http://%s:%d", host, port)
    server.run()


def listening(server: flask.Flask, *, host: str, port: int, threads: int, connections: int) -> Any:
    """Return a server that listens, with limits on what one visitor can take of it; `run` serves.

    A thread works on whole requests only, so a slow visitor costs a connection and no thread.

    Raises
    ------
    ConfigError
        If the address cannot be listened on.
    """
    try:
        return waitress.create_server(
            server, host=host, port=port, threads=threads, ident="kesheng", connection_limit=connections,
            max_request_body_size=LARGEST_REQUEST_BYTES, max_request_header_size=_LARGEST_HEADER_BYTES,
            channel_timeout=_SILENT_SECONDS, cleanup_interval=_CLEANUP_SECONDS, asyncore_use_poll=True,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"dashboard: cannot listen on {host}:{port} ({_reason(error)});"
            " stop what uses it or give another with --port"
        ) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the settings and serve; return the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        settings = load_settings()
        found = _parser().parse_args(arguments)
        warehouse, inbox_url = found.warehouse or settings.warehouse, found.inbox or settings.inbox_url
        host = found.host or settings.serve.host
        app = create_app(
            warehouse,
            inbox_url,
            settings.timezone,
            leave_out=settings.flags.leave_out,
            indicators=load_indicators(settings.kpis_folder),
            gate=gate_of(settings, host),
        )
        port = found.port if found.port is not None else settings.serve.port
        threads, connections = settings.serve.threads, settings.serve.connections
        serve(app, host=host, port=port, threads=threads, connections=connections)
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dashboards.app", description="Serve the dashboard.")
    parser.add_argument("--host", help="address to listen on (default: setting serve.host)")
    parser.add_argument("--port", type=_port, help="port to listen on (default: setting serve.port)")
    parser.add_argument("--warehouse", type=Path, help="DuckDB file to show (default: the published one)")
    parser.add_argument("--inbox", help="SQLAlchemy address of the inbox (default: the project's)")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"expected a port from 1 to 65535, got {text!r}")
    return int(text)


def _reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "the host name is unknown"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


if __name__ == "__main__":
    sys.exit(main())
