import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import SchemaError
from analytics.flags import FlagRule, flag_contacts

_spec = importlib.util.spec_from_file_location("flags_conftest", Path(__file__).with_name("conftest.py"))
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)

RULE = FlagRule()


def flags(turns, rule=RULE):
    return flag_contacts(turns, rule).set_index("contact_id")["flag"].to_dict()


def test_a_burst_of_top_ratings_is_brushing_and_others_are_spam(brushed):
    assert set(flags(made.make_turns(brushed)).values()) == {"brushing"}
    assert set(flags(made.make_turns(brushed, rating=1.0)).values()) == {"spam"}
    assert set(flags(made.make_turns(brushed, rating=None)).values()) == {"spam"}


def test_a_burst_that_offers_something_is_advertising(brushed):
    texts = [f"{text}，想找兼职的看我主页" for text in brushed]
    assert set(flags(made.make_turns(texts)).values()) == {"advertising"}


def test_an_outage_and_ordinary_praise_are_left_alone(brushed, outage):
    texts = [*outage, *made.SHORT_PRAISE * 20, *brushed]
    found = flags(made.make_turns(texts))
    assert set(found) == {f"c{i:04}" for i in range(len(texts) - len(brushed), len(texts))}


def test_the_reason_names_no_word_of_the_text(brushed):
    turns = made.make_turns([*brushed, "的" * 20, "兼职日结,加微信[微信]"])
    reasons = flag_contacts(turns, RULE)["flag_reason"]
    assert set(reasons.str.replace(r"\d+", "N", regex=True)) == {"burst of N", "filler", "offer"}


def test_an_offer_and_a_number_in_different_turns_are_no_advertising():
    turns = made.make_turns(["我是做兼职的学生，想问发货时间", "联系我[手机]"], contact_id="one", turn=[0, 1])
    assert flags(turns) == {}


def test_a_filler_is_a_contact_of_fillers_only():
    turns = made.make_turns(["的" * 20, "快递到哪了"], contact_id="one", turn=[0, 1])
    assert flags(turns) == {}


def test_one_row_a_contact_in_order_and_nothing_changed(brushed):
    turns = made.make_turns([f"{text}，兼职加微信[微信]" for text in brushed])
    before = turns.copy()
    found = flag_contacts(turns.sample(frac=1, random_state=1), RULE)
    assert found["contact_id"].is_unique and found["contact_id"].is_monotonic_increasing
    assert list(found.columns) == ["day", "contact_id", "flag", "flag_reason"]
    pd.testing.assert_frame_equal(turns, before)


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="missing rating"):
        flag_contacts(made.make_turns(["好"]).drop(columns="rating"), RULE)
