"""The description of the API as a page that people read: no script, nothing of another host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask
import jinja2

_TEMPLATES = Path(__file__).parents[1] / "templates"


def page(described: dict[str, Any]) -> flask.Response:
    """Return the page of an OpenAPI description."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True)
    css = (_TEMPLATES / "api.css").read_text(encoding="utf-8")
    text = environment.get_template("api.html.j2").render(
        resources=resources(described), info=described["info"], css=css
    )
    return flask.Response(text, mimetype="text/html")


def resources(described: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each resource: path, summary, description, parameters (name, what, where) and fields (name, what)."""
    schemas = described["components"]["schemas"]
    return [
        {
            "path": path,
            "summary": get.get("summary", ""),
            "description": get.get("description", ""),
            "parameters": get.get("parameters", []) + item.get("parameters", []),
            "fields": _fields(get["responses"]["200"], schemas),
        }
        for path, item in sorted(described["paths"].items())
        for get in [item["get"]]
    ]


def _fields(response: dict[str, Any], schemas: dict[str, Any]) -> list[tuple[str, str]]:
    whole = _resolved(response["content"]["application/json"]["schema"], schemas)
    data = whole["properties"].get("data")
    if data is None:
        return _described(whole)
    return _described(_resolved(data.get("items", data), schemas))


def _described(schema: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(said.get("description", ""))) for name, said in sorted(schema["properties"].items())]


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found
