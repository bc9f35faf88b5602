"""Rules written into a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.rules import Ruleset, categorise
from analytics.rules.examples import as_turns
from analytics.rules.load import load_lists, read_rules

HEAD = 'name = "x"\nlabel = "标签"\ndescription = "说明"\n'


@pytest.fixture
def ruled(tmp_path: Path) -> Callable[..., Ruleset]:
    """Return rules of one category from the lines of its table; lists as name = words."""

    def make(body: str, **lists: str) -> Ruleset:
        file = tmp_path / "rules.toml"
        file.write_text(f"[[category]]\n{HEAD}{body}\n", encoding="utf-8")
        for name, words in lists.items():
            (tmp_path / f"{name}.txt").write_text(words, encoding="utf-8")
        return Ruleset(read_rules(file, load_lists(tmp_path)))

    return make


@pytest.fixture
def found() -> Callable[..., list[str]]:
    """Return the words that are evidence in one turn."""

    def find(rules: Ruleset, said: str) -> list[str]:
        hits = categorise(as_turns(rules.categories[0], [said]), rules)
        return [said[start:stop] for start, stop in zip(hits["start"], hits["stop"], strict=True)]

    return find
