"""Every text of the pages can be read in Chinese and in English: each stands in `say` or `msg`, and has its English."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics import names
from analytics.kpi_catalog import INDICATORS
from analytics.quality import load_expectations
from dashboards.language import LOCALE, catalogue, say
from dashboards.preferences import Preferences, preferred

ROOT = Path(__file__).parents[2] / "dashboards"
CHINESE = re.compile(r"[\u3400-\u9fff]")
FILES = sorted(ROOT.rglob("*.py"))
FOR_CHINESE_EYES = {"中", "改用中文"}
"""The switch to Chinese is in Chinese whoever reads."""


def _docstrings(tree: ast.AST) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            found |= {id(line.value) for line in node.body if isinstance(line, ast.Expr)}
        body = getattr(node, "body", None)
        if isinstance(body, list):  # the text under a constant says what it is
            found |= {id(line.value) for line in body if isinstance(line, ast.Expr)}
    return found


def _said(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "msg") and node.args:
            for inner in ast.walk(node.args[0]):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner


def texts() -> set[str]:
    found = {c.value for file in FILES for c in _said(ast.parse(file.read_text("utf-8")))}
    templates = [file.read_text("utf-8") for file in sorted(ROOT.glob("templates/*.j2"))]
    found |= {text for template in templates for text in re.findall(r'say\("([^"]+)"', template)}
    fixed = [names.CHANNEL_NAMES, names.KIND_NAMES, names.MOOD_NAMES, names.FLAG_NAMES, names.SEVERITY_NAMES,
             names.ALERT_STATE_NAMES, names.ALERT_REASON_NAMES, names.ALERT_KIND_NAMES, names.ALERT_EVENT_NAMES,
             names.REASON_NAMES]  # fmt: skip
    found |= {text for group in fixed for text in group.values()}
    for indicator in INDICATORS.values():
        found |= {indicator.label, indicator.formula}
    for expectation in load_expectations().values():
        found |= {expectation.label, expectation.advice}
    return {text for text in found if re.search(r"[^\x00-\x7f]", text)}


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_no_chinese_outside_of_say_and_msg(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    allowed = _docstrings(tree) | {id(constant) for constant in _said(tree)}
    found = [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)
        and id(node) not in allowed and node.value not in FOR_CHINESE_EYES
    ]  # fmt: skip
    assert found == []


def test_every_text_has_its_english() -> None:
    assert sorted(texts() - set(catalogue("en"))) == []


def test_no_text_of_the_catalogue_is_left_over_or_in_chinese() -> None:
    known = texts()
    assert sorted(text for text in catalogue("en") if text not in known) == []
    kept = {"客声"}
    assert sorted(s for s in catalogue("en").values() if CHINESE.search(s) and s not in kept) == []


def test_translations_have_the_same_places_for_values() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    wrong = {text: english for text, english in catalogue("en").items() if places(text) != places(english)}
    assert json.dumps(wrong, ensure_ascii=False) == "{}"


def test_no_text_is_translated_in_two_files() -> None:
    counts: dict[str, int] = {}
    for file in sorted((LOCALE / "en").glob("*.po")):
        for text in re.findall(r'^msgid "(.+)"$', file.read_text("utf-8"), re.MULTILINE):
            counts[text] = counts.get(text, 0) + 1
    assert sorted(text for text, n in counts.items() if n > 1) == []


def test_a_text_is_said_in_the_language_of_the_reader() -> None:
    with preferred(Preferences(language="en")):
        assert say("共 {n:,} 条", n=1200) == "1,200 in all"
    assert say("共 {n:,} 条", n=1200) == "共 1,200 条"
