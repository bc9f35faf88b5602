"""One person at a dashboard, without a browser: sends what Dash's own script would send, and keeps what comes back.

Layout, callbacks and their wiring are read from the server, so that it works on whatever pages there are. What runs in
the browser alone (client-side callbacks but that of the address, drawing) is left out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

_ALL, _MATCH = ["ALL"], ["MATCH"]
_DRAWERS = ("voices", "contact")
_MOST_ROUNDS = 12


@dataclass
class Request:
    """One callback that was asked: its outputs, seconds, and what was wrong ('' for nothing)."""

    output: str
    seconds: float
    wrong: str
    n_bytes: int


@dataclass
class Person:
    """A session with one dashboard; `components` holds everything on the page by id."""

    client: httpx.Client
    components: dict[str, dict[str, Any]] = field(default_factory=dict)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    tree: Any = None

    def open(self, path: str, search: str = "") -> None:
        """Load the document at an address, as a reload does, and wait until nothing more is asked."""
        self._timed(path + search, lambda: self.client.get(path + search))
        layout = self._timed("layout", lambda: self.client.get("/_dash-layout"))
        wiring = self._timed("dependencies", lambda: self.client.get("/_dash-dependencies"))
        self.tree = layout.json()
        self.components = dict(_named(self.tree))
        self.callbacks = [c for c in wiring.json() if not c.get("clientside_function")]
        self._props("url").update(pathname=path, search=search)
        self._settle(set(), set(self.components))

    def change(self, *changes: tuple[str, str, Any]) -> None:
        """Set properties (id as text, property, value), and wait until nothing more is asked."""
        for key, prop, value in changes:
            self._props(key)[prop] = value
        self._settle({f"{key}.{prop}" for key, prop, _ in changes}, set())

    def having(self, kind: str) -> list[str]:
        """Return the ids of the components whose id says that they are of a type."""
        return [key for key in self.components if key.startswith("{") and json.loads(key).get("type") == kind]

    def links(self) -> list[str]:
        """Return the addresses that links on the page lead to."""
        found = [part["props"].get("href") for part in _walk(self.get("page", "children"))]
        return [href for href in found if isinstance(href, str) and href.startswith("/")]

    def get(self, key: str, prop: str) -> Any:
        """Return a property; None where there is no such component or property."""
        return self.components.get(key, {}).get("props", {}).get(prop)

    def _props(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self.components[key]["props"]
        return found

    def _settle(self, changed: set[str], fresh: set[str]) -> None:
        """Ask the callbacks whose inputs changed or are new on the page, and those that follow, until none is left."""
        waiting: set[str] = set()
        for _ in range(_MOST_ROUNDS):
            changed = changed | self._split_address()
            due = [call for c in self.callbacks for call in self._due(c, changed | waiting, fresh)]
            if not due:
                return
            to_come = {name for call in due for name in call.gives}
            ready = [call for call in due if not to_come & set(call.takes)] or due
            waiting = {name for call in due if call not in ready for name in call.takes}
            changed, fresh = set(), set()
            for call in ready:
                changed_now, fresh_now = self._ask(call)
                changed |= changed_now
                fresh |= fresh_now
        raise RuntimeError(f"callbacks did not come to rest; the last changed {sorted(changed)[:5]}")

    def _split_address(self) -> set[str]:
        """Do what `assets/address.js` does in a browser; return the properties that changed."""
        url = self._props("url")
        pairs = parse_qsl((url.get("search") or "").removeprefix("?"), keep_blank_values=True)
        rest = urlencode([pair for pair in pairs if pair[0] not in _DRAWERS])
        wanted: dict[str, Any] = {"view": {"path": url.get("pathname") or "/", "search": f"?{rest}" if rest else ""}}
        wanted |= {name: dict(pairs).get(name, "") for name in _DRAWERS}
        changed = {name for name, value in wanted.items() if self.get(name, "data") != value}
        for name in changed:
            self._props(name)["data"] = wanted[name]
        return {f"{name}.data" for name in changed}

    def _due(self, callback: dict[str, Any], changed: set[str], fresh: set[str]) -> Iterator[_Call]:
        """Yield the requests of a callback: one, or one for each component that MATCH stands for."""
        for match in self._matches(callback):
            inputs = [self._places(i["id"], i["property"], match) for i in callback["inputs"]]
            outputs = [self._places(key, prop, match) for key, prop in _outputs(callback["output"])]
            if any(place is None for place in (*inputs, *outputs)):
                continue
            takes = [place for given in inputs for place in _listed(given)]
            hit = [p.name for p in takes if p.name in changed]
            born = not callback["prevent_initial_call"] and any(p.key in fresh for p in takes)
            if hit or born:
                states = [self._places(i["id"], i["property"], match) for i in callback["state"]]
                yield _Call(callback["output"], inputs, outputs, states, hit)

    def _ask(self, call: _Call) -> tuple[set[str], set[str]]:
        """Send one request; return the properties that changed, and the components that are new."""
        headers = {"X-CSRFToken": self.client.cookies.get("_csrf_token", "")}
        answer = self._timed(
            call.output[:60], lambda: self.client.post("/_dash-update-component", json=call.body(self), headers=headers)
        )
        if answer.status_code != httpx.codes.OK:
            return set(), set()
        changed, before = set(), set(self.components)
        for key, props in (answer.json().get("response") or {}).items():
            if key in self.components:
                self._props(key).update(props)
                changed |= {f"{key}.{prop}" for prop in props}
        self.components = dict(_named(self.tree))
        return changed, set(self.components) - before

    def _timed(self, what: str, ask: Callable[[], httpx.Response]) -> httpx.Response:
        began = time.perf_counter()
        answer = ask()
        seconds = time.perf_counter() - began
        wrong = "" if answer.status_code in (httpx.codes.OK, httpx.codes.NO_CONTENT) else str(answer.status_code)
        if not wrong and '"unreadable"' in answer.text:
            wrong = "the page says that it cannot be read"
        self.requests.append(Request(what, seconds, wrong, len(answer.content)))
        return answer

    def _matches(self, callback: dict[str, Any]) -> list[dict[str, Any] | None]:
        patterns = [i["id"] for i in callback["inputs"] if '["MATCH"]' in i["id"]]
        return [json.loads(key) for key in self._fitting(json.loads(patterns[0]))] if patterns else [None]

    def _fitting(self, pattern: dict[str, Any]) -> list[str]:
        found = []
        for key in self.components:
            has = json.loads(key) if key.startswith("{") else {}
            if set(has) == set(pattern) and all(v in (_ALL, _MATCH) or has[k] == v for k, v in pattern.items()):
                found.append(key)
        return found

    def _places(self, text: str, prop: str, match: dict[str, Any] | None) -> _Place | list[_Place] | None:
        """Return where a property stands, a list for ALL, None where there is no such component."""
        if not text.startswith("{"):
            return _Place(text, prop) if text in self.components else None
        pattern = {k: (match or {})[k] if v == _MATCH else v for k, v in json.loads(text).items()}
        found = [_Place(key, prop) for key in self._fitting(pattern)]
        if any(value == _ALL for value in pattern.values()):
            return found
        return found[0] if found else None


@dataclass(frozen=True)
class _Place:
    """A property of a component."""

    key: str
    prop: str

    @property
    def name(self) -> str:
        return f"{self.key}.{self.prop}"

    def said(self, person: Person | None = None) -> dict[str, Any]:
        found = {"id": json.loads(self.key) if self.key.startswith("{") else self.key, "property": self.prop}
        return found if person is None else {**found, "value": person.get(self.key, self.prop)}


@dataclass
class _Call:
    """One request to come."""

    output: str
    inputs: list[Any]
    outputs: list[Any]
    states: list[Any]
    hit: list[str]

    @property
    def takes(self) -> list[str]:
        return [place.name for given in self.inputs for place in _listed(given)]

    @property
    def gives(self) -> list[str]:
        return [place.name for given in self.outputs for place in _listed(given)]

    def body(self, person: Person) -> dict[str, Any]:
        """Return what Dash's script sends."""
        outputs = [_said(given) for given in self.outputs]
        return {
            "output": self.output,  # as declared: what MATCH stands for is told by the outputs
            "outputs": outputs if self.output.startswith("..") else outputs[0],
            "inputs": [_said(given, person) for given in self.inputs],
            "state": [_said(given, person) for given in self.states if given is not None],
            "changedPropIds": self.hit,
            "parsedChangedPropsIds": [name.rsplit(".", 1)[0] for name in self.hit],
        }


def _said(given: Any, person: Person | None = None) -> Any:
    return [place.said(person) for place in given] if isinstance(given, list) else given.said(person)


def _outputs(text: str) -> list[tuple[str, str]]:
    parts = text.strip(".").split("...") if text.startswith("..") else [text]
    pairs = [part.rsplit(".", 1) for part in parts]
    return [(key, prop.split("@")[0]) for key, prop in pairs]


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _text(key: Any) -> str:
    return key if isinstance(key, str) else json.dumps(key, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _walk(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        for part in tree:
            yield from _walk(part)
    elif isinstance(tree, dict) and "props" in tree and "type" in tree:
        yield tree
        for value in tree["props"].values():
            yield from _walk(value)


def _named(tree: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in _walk(tree):
        key = part["props"].get("id")
        if key is not None:
            yield _text(key), part
