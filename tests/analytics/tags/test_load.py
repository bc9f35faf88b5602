"""Rules of tags: what is wrong in a file is named; a site's own take the place of the project's."""

from __future__ import annotations

import pytest

from analytics.errors import ConfigError
from analytics.rules import load_rules
from analytics.tags import load_tags

GOOD = """
[[tag]]
name = "night"
label = "夜间"
description = "夜里联系过"
window_days = 7
evidence = "hour(started_at) >= 14"
condition = "count(*) >= 2"
"""


def site(tmp_path, text):
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_sites_tag_is_added_or_takes_the_place_of_its_name(tmp_path):
    before = load_tags()
    added = load_tags(site(tmp_path, GOOD))
    assert [tag.name for tag in added.tags][-1] == "night" and added.digest != before.digest
    changed = load_tags(site(tmp_path, GOOD.replace('"night"', '"frequent"')))
    assert len(changed.tags) == len(before.tags)
    assert next(tag for tag in changed.tags if tag.name == "frequent").label == "夜间"
    assert load_tags(tmp_path / "none").digest == before.digest


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (GOOD.replace("count(*) >= 2", "n_contact >= 2"), "condition.*n_contact"),
        (GOOD.replace("hour(started_at) >= 14", "count(*) > 1"), "evidence"),
        (GOOD.replace("count(*) >= 2", "started_at > now()"), "condition"),
        (GOOD.replace("hour(started_at) >= 14", "text LIKE '%a%'"), "evidence.*text"),
        (GOOD + "value = \"(SELECT any_value(content) FROM read_text('/etc/hostname'))\"", "value"),
        (GOOD + 'detail = "1); SELECT (2"', "detail.*syntax error"),
        (GOOD.replace("window_days = 7", "window_days = 0"), "window_days"),
        (GOOD.replace('"night"', '"Night!"'), "name"),
        (GOOD + 'colour = "red"', "colour"),
        (GOOD + GOOD, "two"),
        ("[tags]", r"\[\[tag\]\]"),
        ("[[tag", "TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, wrong, named):
    with pytest.raises(ConfigError, match=rf"(?s)own\.toml.*{named}"):
        load_tags(site(tmp_path, wrong))


def test_categories_that_the_tags_ask_for_are_those_of_the_rules():
    names = {category.name for category in load_rules().categories}
    assert {"leave", "anger", "escalate"} <= names
