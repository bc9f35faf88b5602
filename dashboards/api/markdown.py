"""Write the list of resources in docs/api.md from the description of the API: `python -m dashboards.api.markdown`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from dashboards.api.reading import resources

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
MARK = "<!-- Written by `python -m dashboards.api.markdown`; do not edit below this line. -->"


def written(page: str, described: dict[str, Any]) -> str:
    """Return the page with its list of resources as the API has them; what stands above the mark is kept."""
    parts = [_resource(one) for one in resources(described)]
    return "\n\n".join([page.partition(MARK)[0].rstrip(), MARK, *parts]) + "\n"


def _resource(one: dict[str, Any]) -> str:
    asked = [f"| `{said['name']}` | {_what(said)} |" for said in one["parameters"]]
    told = [f"| `{name}` | {_escaped(what)} |" for name, what in one["fields"]]
    tables = [["| parameter | |", "|---|---|", *asked], ["| field | |", "|---|---|", *told]]
    said = f"{one['summary']} {one['description']}".strip()
    return "\n\n".join([f"### `GET {one['path']}`", said, *("\n".join(t) for t in tables if len(t) > 2)])


def _what(said: dict[str, Any]) -> str:
    schema = said.get("schema", {})
    choices = [str(value) for value in schema.get("enum", []) if value is not None]
    default = schema.get("default")
    known = f" (default {default})" if default not in (None, "", []) else ""
    return _escaped(said.get("description") or "of the path") + (f": {', '.join(choices)}" if choices else "") + known


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write the page; return the exit code."""
    from dashboards.app import create_app

    server = create_app(Path("none.duckdb"), "sqlite:///none.db", "Asia/Shanghai").server
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(page, server.extensions["kesheng-api"].described()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
