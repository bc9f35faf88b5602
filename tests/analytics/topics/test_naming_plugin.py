from __future__ import annotations

import logging
import sys
from types import ModuleType

import pytest

from analytics.errors import ConfigError
from analytics.topics.naming_plugin import load_namer

SECRET = "我的电话写在这里"


@pytest.fixture
def site(monkeypatch):
    module = ModuleType("site_names")
    monkeypatch.setitem(sys.modules, "site_names", module)
    return module


def label(site, function):
    site.name = function
    return load_namer("site_names:name").label("退款 到账", ["退款"], ["退款没到账"], [SECRET] * 20)


def test_the_site_names_a_topic(site):
    given = []
    assert label(site, lambda *told: given.append(told) or "  查询 退款进度\n") == "查询 退款进度"
    assert given == [(["退款"], ["退款没到账"], [SECRET] * 8)]


def test_nothing_said_leaves_our_label_without_a_word(site, caplog):
    assert label(site, lambda *told: None) == "退款 到账" and not caplog.records


def failing(*told):
    raise RuntimeError(SECRET)


@pytest.mark.parametrize("function", [failing, lambda: "", lambda *told: "", lambda *told: SECRET * 9, lambda *told: 7])
def test_whatever_goes_wrong_our_label_stays_and_no_text_is_logged(site, caplog, function):
    site.name = function
    namer = load_namer("site_names:name")
    with caplog.at_level(logging.WARNING):
        assert [namer.label(own, ["退款"], [], [SECRET]) for own in ("退款", "发票")] == ["退款", "发票"]
    assert len(caplog.records) == 1 and "site_names:name" in caplog.text and SECRET not in caplog.text


@pytest.mark.parametrize(
    "path", ["no_such_package_at_all:name", "os.path", "os.path:", ":name", "os.path:nope", "os:sep"]
)
def test_what_cannot_be_called_is_said_at_once(path):
    with pytest.raises(ConfigError, match=r"topics\.namer: expected package\.module:function"):
        load_namer(path)


def test_it_is_off_by_default():
    assert load_namer(None) is None
