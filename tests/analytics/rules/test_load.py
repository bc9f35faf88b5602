"""Rule files: what a person gets wrong is named with file, category and field; a site's own comes on top."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.errors import ConfigError
from analytics.rules import PROJECT_LISTS, PROJECT_RULES, Ruleset, load_rules
from analytics.rules.load import load_lists, read_rules

WRONG = {
    'when = ["退款"]\nseverity = "hoch"': ("severity", "'high', 'medium' or 'low'", "'hoch'"),
    'when = ["退款"]\nspeeker = "agent"': ("speeker", "Extra inputs"),
    'when = ["@nowhere"]': ("when", "nowhere.txt", "there is none"),
    "when = { not = ['谢谢'] }": ("when", "must have evidence"),
    "when = { near = [['催']] }": ("when.near", "two lists"),
    "when = { regex = '(' }": ("when.regex", "regular expression"),
    "when = { any = [{ all = ['退款', { nearby = ['催'] }] }] }": ("when.any.0.all.1.nearby", "Extra inputs"),
    'when = ["退款"]\nturns = { first = 1, last = 1 }': ("turns", "either first = N or last = N"),
    'when = ["退款"]\nkinds = ["phone"]': ("kinds", "call, chat, work_order, review"),
    'when = ["退款"]\ncue = [{ before = ["不"], weight = -1 }]': ("category", "confidence"),
    'when = ["退款"]\nunless = {}': ("unless.0", "before, after, inside"),
    "severity = 'low'": ("when", "required"),
}


@pytest.mark.parametrize("body", WRONG, ids=lambda body: body.splitlines()[-1][:24])
def test_a_mistake_is_named_by_file_category_and_field(ruled: Callable[..., Ruleset], body: str) -> None:
    with pytest.raises(ConfigError) as raised:
        ruled(body)
    message = str(raised.value)
    for said in ("rules.toml: category x: ", *WRONG[body]):
        assert said in message


def test_a_file_that_is_no_rule_file_is_refused(tmp_path: Path) -> None:
    for text, said in (("[[category]\n", "expected TOML"), ("[categories]\n", "[[category]]"), ("", "got none")):
        (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"rules\.toml") as raised:
            read_rules(tmp_path / "rules.toml", {})
        assert said in str(raised.value)
    with pytest.raises(ConfigError, match="there is none"):
        read_rules(tmp_path / "no.toml", {})


def test_two_categories_of_one_name_in_a_file_are_refused(tmp_path: Path) -> None:
    table = '[[category]]\nname = "x"\nlabel = "a"\ndescription = "b"\nwhen = ["c"]\n'
    (tmp_path / "rules.toml").write_text(table * 2, encoding="utf-8")
    with pytest.raises(ConfigError, match="category x: name"):
        read_rules(tmp_path / "rules.toml", {})


def test_a_site_adds_words_takes_words_out_and_replaces_categories(tmp_path: Path) -> None:
    before = load_rules()
    assert load_rules(tmp_path).digest == before.digest == load_rules(tmp_path / "absent").digest
    (tmp_path / "anger.txt").write_text("# ours\n坑死爹了\n-骗我\n", encoding="utf-8")
    lists, ours = load_lists(), load_lists(tmp_path)
    assert set(ours["anger"]) - set(lists["anger"]) == {"坑死爹了"}
    assert set(lists["anger"]) - set(ours["anger"]) == {"骗我"}
    with_words = load_rules(tmp_path)
    assert with_words.digest != before.digest
    (tmp_path / "words" / "strong").mkdir(parents=True)
    (tmp_path / "words" / "strong" / "leave.txt").write_text("不跟你们玩了\n", encoding="utf-8")
    assert "不跟你们玩了" in load_lists(tmp_path / "words")["leave"]
    assert load_rules(None, tmp_path / "words").digest != before.digest
    table = '[[category]]\nname = "invoice"\nlabel = "票据"\ndescription = "我们的"\nwhen = ["发票"]\n'
    (tmp_path / "ours.toml").write_text(table, encoding="utf-8")
    after = {category.name: category.label for category in load_rules(tmp_path).categories}
    assert after["invoice"] == "票据" and len(after) == len(before.categories)


def test_words_are_written_as_the_analysis_reads_text(ruled: Callable[..., Ruleset]) -> None:
    assert ruled('when = ["退貨ＡＢＣ"]').categories[0].when.phrases == ("退货abc",)


def test_lists_of_the_project_have_different_names() -> None:
    names = [file.stem for file in (*PROJECT_LISTS.rglob("*.txt"),)]
    assert len(names) == len(set(names))


def test_every_shipped_category_carries_examples() -> None:
    for category in load_rules().categories:
        assert len(category.hits) >= 2 and len(category.misses) >= 2, category.name
    assert {file.name for file in PROJECT_RULES.glob("*.toml")} == {"service.toml", "strong.toml"}
