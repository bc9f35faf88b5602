"""The declarations: a site's own are read over the project's, and what is wrong in them is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.quality import load_expectations


def test_every_expectation_says_what_to_do() -> None:
    found = load_expectations()
    assert len(found) >= 30
    assert [one.name for one in found.values() if not one.advice] == []


def test_a_site_changes_a_field_and_adds_its_own(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        '[[expectation]]\nname = "contact_rows"\nseverity = "warning"\n'
        '[[expectation]]\nname = "ours"\nlabel = "我们的"\ntable = "contact"\nkind = "limit"\nlow = 1\n',
        encoding="utf-8",
    )
    found = load_expectations(tmp_path)
    assert found["contact_rows"].severity == "warning"
    assert found["contact_rows"].least == load_expectations()["contact_rows"].least
    assert found["ours"].low == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml", "expected TOML"),
        ("x = 1\n", r"expected \[\[expectation\]\]"),
        ('[[expectation]]\nname = "a"\nlabel = "甲"\ntable = "nothing"\nkind = "limit"\nlow = 1\n', "expected a table"),
        ('[[expectation]]\nname = "a"\nlabel = "甲"\ntable = "contact"\nkind = "limit"\n', "needs low, high"),
        ('[[expectation]]\nname = "contact_rows"\nseverty = "off"\n', "contact_rows.severty"),
    ],
)
def test_what_is_wrong_is_said_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"ours.toml.*{said}"):
        load_expectations(tmp_path)
