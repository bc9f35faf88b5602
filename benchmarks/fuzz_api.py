"""Ask the API everything its description allows, and much that it forbids: `make bench-fuzz` (minutes of processor).

    python -m benchmarks.fuzz_api [EXAMPLES]

The requests are made by schemathesis from the description (OpenAPI) and go in process to the server over the made-up
warehouse of the tests: once where nobody signs in, once with a token that is limited to one channel. An answer is
right if it is none of 500 and above, fits its description, and shows no row that the role may not see. Prints a
Markdown table; the exit code is 1 if something was found.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import flask
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from analytics.access import Limits, LookLog, Users
from analytics.access.roles import Role
from dashboards.access.grant import Access, keep_access
from dashboards.api.register import PER_MINUTE
from dashboards.app import create_app

CHANNEL = "app"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_DESCRIPTION = "/api/v1/openapi.json"


@dataclass
class Tried:
    """What was asked of one operation, and what was found."""

    statuses: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def servers(warehouse: Path, home: Path) -> Iterator[tuple[str, flask.Flask, dict[str, str], bool]]:
    """Yield the name of each case, its server, the headers to send, and whether it is limited to `CHANNEL`."""
    server = create_app(warehouse, "sqlite:///no/such/inbox.db", "Asia/Shanghai").server
    server.config[PER_MINUTE] = 1_000_000_000
    yield "nobody signs in", server, {}, False
    users = Users(home / "users.toml")
    users.add("bot", "one")
    server = create_app(warehouse, "sqlite:///no/such/inbox.db", "Asia/Shanghai").server
    server.config[PER_MINUTE] = 1_000_000_000
    roles = {"one": Role("one", "One", limits=Limits(channels=(CHANNEL,)))}
    keep_access(server, Access(users=users, roles=roles, looks=LookLog(home / "looks"), sign_in="local"))
    token = users.new_token("bot", "fuzz", contacts=True)
    yield f"token limited to {CHANNEL}", server, {"Authorization": f"Bearer {token}"}, True


def tried(server: flask.Flask, headers: dict[str, str], *, limited: bool, examples: int) -> dict[str, Tried]:
    """Return, by operation, what came of `examples` requests that are as described and as many that are not."""
    schema = schemathesis.openapi.from_wsgi(_DESCRIPTION, server, headers=headers)
    found: dict[str, Tried] = {}
    for operation in (result.ok() for result in schema.get_all_operations()):
        kept = found[operation.label] = Tried()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            ask = _asking(kept, headers, limited=limited)
            with suppress(Unsatisfiable):  # nothing that is not as described can be asked without parameters
                given(operation.as_strategy(generation_mode=mode))(_quietly(examples)(ask))()
    return found


def _quietly(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(
        max_examples=examples, deadline=None, database=None, phases=(Phase.generate,), derandomize=True,
        verbosity=Verbosity.quiet, suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def _asking(kept: Tried, headers: dict[str, str], *, limited: bool) -> Callable[..., None]:
    def ask(case: Any) -> None:
        response = case.call(headers=headers)
        kept.statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except AssertionError as error:
            kept.problems.append(str(error)[:600])
        except BaseExceptionGroup as error:
            kept.problems += [str(inner)[:600] for inner in error.exceptions]
        if "Traceback" in response.text or "/site-packages/" in response.text:
            kept.problems.append("an answer shows where it failed")
        if limited and response.status_code == 200:
            kept.problems += [f"a row of channel {name!r} was shown" for name in channels_in(response.json())]

    return ask


def channels_in(told: Any) -> set[str]:
    """Return the channels, other than the one allowed, that rows of an answer are of.

    Examples
    --------
    >>> channels_in({"data": [{"channel": "app"}, {"channel": "wechat"}, {"channel": None}]})
    {'wechat'}
    """
    if isinstance(told, dict):
        own = {str(told["channel"])} if told.get("channel") not in (None, "", CHANNEL) else set()
        return own.union(*(channels_in(inner) for inner in told.values()))
    return set().union(*(channels_in(inner) for inner in told)) if isinstance(told, list) else set()


def made_up_warehouse(folder: Path) -> Path:
    """Build the warehouse that the tests of the dashboards use."""
    spec = spec_from_file_location("warehouse_fixture", Path("tests/warehouse_fixture.py"))
    if spec is None or spec.loader is None:
        raise FileNotFoundError("tests/warehouse_fixture.py: run this in the project's folder")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, "tests")
    spec.loader.exec_module(module)
    return Path(module.build(folder / "voc.duckdb"))


def main(arguments: list[str]) -> int:
    """Print what was asked, how often, and what was found."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    examples = int(arguments[0]) if arguments else 400
    n_problems = 0
    print("| who | operation | requests | answers | found |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        warehouse = made_up_warehouse(Path(folder))
        for who, server, headers, limited in servers(warehouse, Path(folder)):
            for label, kept in tried(server, headers, limited=limited, examples=examples).items():
                told = ", ".join(f"{n} × {status}" for status, n in sorted(kept.statuses.items()))
                print(f"| {who} | {label} | {kept.statuses.total()} | {told} | {len(kept.problems)} |", flush=True)
                for text, n in Counter(kept.problems).most_common(3):
                    sys.stderr.write(f"{label}: {n} ×\n{text}\n\n")
                n_problems += len(kept.problems)
    print(f"\n{time.process_time():.0f} s of processor, {n_problems} found")
    return int(n_problems > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
