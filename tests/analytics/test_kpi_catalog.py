from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.kpi_catalog import INDICATORS, digest, load_indicators, look_hours
from jobs.metrics_page import PAGE, page

OWN = """
name = "own_share"
label = "自己的指标"
unit = "share"
direction = "lower"
statistic = "share"
grain = ["day", "channel", "product", "team", "topic"]
source = ["rating"]
measure = "rating >= 3"
formula = "三星以上 ÷ 有星级的"
"""


def write(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_page_of_indicators_is_that_of_the_declarations() -> None:
    """`python -m jobs.metrics_page` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_indicator_says_what_it_means_and_when_it_is_missing() -> None:
    assert all(one.meaning and one.missing and one.formula.count("{") == 0 for one in INDICATORS.values())
    assert len({one.label for one in INDICATORS.values()}) == len(INDICATORS)


def test_a_site_adds_its_own_after_the_project_s(tmp_path: Path) -> None:
    found = load_indicators(write(tmp_path, "own_share", OWN))
    assert list(found) == [*INDICATORS, "own_share"]
    assert found["own_share"].better == "lower" and INDICATORS["n_contacts"].better is None
    assert load_indicators(tmp_path / "none") == INDICATORS


def test_a_site_says_only_what_is_different(tmp_path: Path) -> None:
    name = "first_contact_resolution_share"
    found = load_indicators(write(tmp_path, name, "hours = 24\ntarget = 0.85\n"))[name]
    assert found.target == 0.85 and "hours_seen >= 24" in found.among and "24 小时" in found.formula
    assert found.label == INDICATORS[name].label


def test_what_is_computed_changes_the_digest_and_what_is_shown_does_not(tmp_path: Path) -> None:
    before = digest(INDICATORS.values())
    shown = load_indicators(write(tmp_path, "nps", 'target = 40\nlabel = "推荐值"\n'))
    assert digest(shown.values()) == before
    assert digest(load_indicators(write(tmp_path, "repeat_share", "hours = 48\n")).values()) != before
    assert look_hours(INDICATORS.values()) == 72


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "own_share"', 'name = "other"', "name: expected the name of the file, own_share, got other"),
        ('name = "own_share"', 'name = "Own"', "name: .*'Own'"),
        ("measure =", "mesure =", "measure: Field required"),
        ('unit = "share"', 'unit = "euro"', "unit: .*'euro'"),
        ('unit = "share"', 'unit = "seconds"', "unit: expected share for a share, got seconds"),
        ("rating >= 3", "rating", "measure: expected true or false for a share, got number"),
        ("rating >= 3", "ratting >= 3", "measure: expected columns out of .*; got ratting"),
        ("rating >= 3", "rating >= (SELECT 3)", "measure: expected comparisons, CASE and arithmetic, got SUBQUERY"),
        ('source = ["rating"]', 'source = ["kind"]', "source: expected the columns that it reads, rating"),
        (
            'statistic = "share"',
            'statistic = "mean"',
            "unit: expected seconds or score or points for a mean, got share",
        ),
        ('"product", ', "", "grain: expected day, channel, product, team, topic for a share"),
        ("measure", 'among = "rating"\nmeasure', "among: expected true or false for a share, got number"),
        ("measure", "hours = 0\nmeasure", "hours: .*got 0"),
        ('"自己的指标"', "自己的指标", "expected TOML in UTF-8"),
    ],
)
def test_a_wrong_file_is_named_with_field_and_what_was_expected(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in OWN
    write(tmp_path, "own_share", OWN.replace(old, new, 1))
    with pytest.raises(ConfigError, match=rf"(?s)own_share\.toml: {said}"):
        load_indicators(tmp_path)
