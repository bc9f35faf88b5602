from __future__ import annotations

import numpy as np
import pytest

from analytics.topics.openings import MIN_CONTACTS, Openings

LATER = ("好的我等着", "那你们尽快处理吧", "已经说过一遍了", "能不能快点", "我看看再说", "你说的我没听懂")


@pytest.fixture(scope="module")
def documents(planted):
    texts, _ = planted(MIN_CONTACTS)
    return [[text, LATER[place % 6], LATER[(place + 1) % 6]] for place, text in enumerate(texts)]


@pytest.fixture(scope="module")
def openings(documents):
    return Openings.learn(documents, seed=1)


def test_a_matter_is_told_from_what_is_said_while_it_is_handled(openings, planted):
    unseen, _ = planted(50, seed=31)
    assert openings.probability(unseen).min() > 0.5 > openings.probability(["好的那我等着你们处理", "快点处理吧"]).max()


def test_the_same_contacts_give_the_same_bytes_and_are_read_again(openings, documents, tmp_path):
    openings.save(tmp_path / "one")
    Openings.learn(documents, seed=1).save(tmp_path / "two")
    for name in ("openings.json", "openings.safetensors"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    read = Openings.load(tmp_path / "one")
    np.testing.assert_array_equal(read.probability(LATER), openings.probability(LATER))


@pytest.mark.parametrize("documents", [[], [["退款"]] * 500, [["退款没到账", "好的我等"]] * (MIN_CONTACTS - 1)])
def test_from_too_little_nothing_is_taken_for_an_opening(documents, tmp_path):
    nothing = Openings.learn(documents, seed=1)
    nothing.save(tmp_path)
    assert not Openings.load(tmp_path).probability(["退款没到账", ""]).any()


def test_a_model_from_before_there_were_openings_has_none(tmp_path):
    assert not Openings.load(tmp_path).probability(["退款没到账"]).any()
