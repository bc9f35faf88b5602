"""Send the pages' callbacks what no browser would: `make bench-fuzz` (minutes of processor).

    python -m benchmarks.fuzz_pages [EXAMPLES]

Each callback of the dashboard is called over HTTP, in process, with its own inputs filled with hostile values: wrong
types, huge numbers, text that looks like SQL or like a path, addresses with such filters. An answer is right if its
status is below 500, it shows no trace of the code, and where the viewer is limited to one channel no other channel's
contact is in it. Prints a Markdown table; the exit code is 1 if something was found.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analytics.access import Limits
from benchmarks.fuzz_api import CHANNEL, made_up_warehouse
from dashboards.access.viewer import Viewer
from dashboards.app import create_app

SQL = "' OR 1=1; DROP TABLE contact; --"
ODD = (
    "", "\0", "-", "*", "%", "_", "NaN", "null", "9" * 400, "-1", "1e308", "0001-01-01", "9999-12-31", "2026-13-40",
    SQL, "../../etc/passwd", "<script>alert(1)</script>", "=1+1", "t01", "a-s1", "wechat", "\ud83d", "客" * 5000, "[[[",
)  # fmt: skip
NAMES = (
    "from", "to", "channel", "product", "topic", "mood", "q", "spike", "dip", "order", "voices", "contact", "hour",
    "day", "tab", "team", "person", "touchpoint", "category", "state", "alert", "sort", "page", "hidden", "way",
)  # fmt: skip
PATHS = ("/", "/topics", "/operations", "/voices", "/data", "/nothing", "//", "/../x", "/topics/")
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=20))
numbers = st.one_of(st.integers(-(10**20), 10**20), st.floats(), st.booleans(), st.none())
searches = st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=5).map(
    lambda pairs: "?" + "&".join(f"{name}={value}" for name, value in pairs)
)
views = st.fixed_dictionaries({"path": st.sampled_from(PATHS), "search": searches})
values = st.recursive(
    st.one_of(texts, numbers, searches, views),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)),
    max_leaves=6,
)
good_searches = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(("t01", "app", "wechat", "2026-09-20", "negative", "a-s1", SQL))),
    max_size=3,
).map(lambda pairs: "?" + "&".join(f"{name}={value}" for name, value in pairs))


_CONTACT = re.compile(r"\bc\d{5}\b")


@dataclass
class Asked:
    """What was sent to one callback, and what was found."""

    statuses: Counter[int] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)


def payloads(callback: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return requests to a callback, as `/_dash-dependencies` describes it, with values that no page sends."""
    filled = {"inputs": callback["inputs"], "state": callback["state"]}
    parts = {
        kind: st.tuples(*(_filled(dependency) for dependency in listed)).map(list) for kind, listed in filled.items()
    }
    outputs = [_named(output) for output in callback["output"].strip(".").split("...")]
    changed = st.lists(st.sampled_from([f"{d['id']}.{d['property']}" for d in callback["inputs"]]), max_size=1)
    return st.fixed_dictionaries(
        {
            "output": st.just(callback["output"]),
            "outputs": st.just(outputs if callback["output"].startswith("..") else outputs[0]),
            "changedPropIds": changed,
            **parts,
        }
    )


def _named(output: str) -> dict[str, Any]:
    name, _, prop = output.partition("@")[0].rpartition(".")
    return {"id": _id(name), "property": prop}


def _id(text: str) -> Any:
    return json.loads(text) if text.startswith("{") else text


def _filled(dependency: dict[str, Any]) -> st.SearchStrategy[Any]:
    name, prop = _id(dependency["id"]), dependency["property"]
    wanted = st.one_of(views, searches, values) if prop in ("data", "search") else values
    if prop == "search":
        wanted = st.one_of(good_searches, searches, texts)
    if isinstance(name, dict):
        one = st.fixed_dictionaries({key: st.just(v) if isinstance(v, str) else texts for key, v in name.items()})
        return st.lists(st.fixed_dictionaries({"id": one, "property": st.just(prop), "value": wanted}), max_size=2)
    return st.fixed_dictionaries({"id": st.just(name), "property": st.just(prop), "value": wanted})


def asked(server: flask.Flask, callback: dict[str, Any], *, examples: int, hidden: Set[str] = frozenset()) -> Asked:
    """Return what came of `examples` requests to a callback, of which no answer may name a contact of `hidden`."""
    kept, client = Asked(), server.test_client()

    @settings(max_examples=examples, deadline=None, database=None, phases=(Phase.generate,), derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(payloads(callback))
    def ask(payload: dict[str, Any]) -> None:
        body = json.dumps(payload).encode()
        response = client.post("/_dash-update-component", data=body, content_type="application/json")
        kept.statuses[response.status_code] += 1
        text = response.get_data(as_text=True)
        if response.status_code >= 500:
            kept.problems[f"{response.status_code}: {_raised.pop() if _raised else ''}"] += 1
        if "Traceback" in text or "site-packages" in text:
            kept.problems["an answer shows where it failed"] += 1
        if hidden.intersection(_CONTACT.findall(text)):
            kept.problems["another channel's contact was shown"] += 1
        _raised.clear()

    ask()
    return kept


def hidden_contacts(warehouse: Path) -> frozenset[str]:
    """Return the contacts of other channels than `CHANNEL`."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "SELECT contact_id FROM contact WHERE channel IS DISTINCT FROM ?", [CHANNEL]
        ).fetchall()
    return frozenset(str(row[0]) for row in rows)


_raised: list[str] = []


class _Heard(logging.Handler):
    """Keeps where an error that became a 500 was raised."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the type and the last place of ours."""
        if record.exc_info and record.exc_info[1] is not None:
            error, at = record.exc_info[1], record.exc_info[2]
            places = []
            while at is not None:
                places.append(f"{at.tb_frame.f_code.co_filename.rpartition('/')[2]}:{at.tb_lineno}")
                at = at.tb_next
            _raised.append(f"{type(error).__name__} at {' < '.join(reversed(places[-4:]))}")


def limited_to_one_channel(server: flask.Flask) -> None:
    """Let every request of a server be one of a viewer who may see `CHANNEL` alone."""

    @server.before_request
    def be_limited() -> None:
        flask.g.viewer = Viewer("fuzz", may_decide=False, limits=Limits(channels=(CHANNEL,)))


def main(arguments: list[str]) -> int:
    """Print what was asked, how often, and what was found."""
    warnings.simplefilter("ignore")
    logging.getLogger().handlers[:] = [_Heard()]
    examples = int(arguments[0]) if arguments else 200
    n_problems = 0
    print("| who | callback | requests | answers | found |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        warehouse = made_up_warehouse(Path(folder))
        for who in ("everything", CHANNEL):
            hidden = hidden_contacts(warehouse) if who == CHANNEL else frozenset[str]()
            server = create_app(warehouse, f"sqlite:///{folder}/inbox.db", "Asia/Shanghai").server
            if who == CHANNEL:
                limited_to_one_channel(server)
            for callback in server.test_client().get("/_dash-dependencies").json:
                if callback["clientside_function"] is not None:
                    continue
                kept = asked(server, callback, examples=examples, hidden=hidden)
                told = ", ".join(f"{n} × {status}" for status, n in sorted(kept.statuses.items()))
                name = callback["output"].strip(".")[:60].replace("|", "/")
                n = kept.problems.total()
                print(f"| {who} | `{name}` | {kept.statuses.total()} | {told} | {n} |", flush=True)
                for text, times in kept.problems.most_common(6):
                    sys.stderr.write(f"{name}: {times} × {text}\n")
                n_problems += n
    print(f"\n{time.process_time():.0f} s of processor, {n_problems} found")
    return int(n_problems > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
