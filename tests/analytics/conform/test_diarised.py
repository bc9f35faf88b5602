import pandas as pd
import pytest

from analytics.conform.diarised import is_diarised, speakers_told, tell_speakers

GREETING = "您好，很高兴为您服务，工号2031"
ASKS = "麻烦提供一下您的订单号"
WANTS = "我上周在你们家买的风扇不转了，我要退货"


@pytest.mark.parametrize("label", ["SPEAKER_00", "spk_1", "Speaker 2", "ch_0", "0", "12", "说话人1", "声道2", "A"])
def test_labels_that_only_number_speakers(label: str) -> None:
    assert is_diarised(pd.Series([label])).tolist() == [True]


@pytest.mark.parametrize("label", ["客服", "张三", "x", "speaker", "2026", None])
def test_labels_that_name_somebody(label: str | None) -> None:
    assert is_diarised(pd.Series([label], dtype=object)).tolist() == [False]


@pytest.mark.parametrize("agent", ["0", "1"])
def test_who_greets_and_asks_for_the_order_is_the_agent_whoever_speaks_first(agent: str) -> None:
    customer = "1" if agent == "0" else "0"
    turns = [(agent, GREETING), (customer, WANTS), (agent, ASKS), (customer, "等一下我找找")]
    assert tell_speakers(turns) == {agent: "agent", customer: "customer"}
    assert tell_speakers(turns[1:]) == {customer: "customer", agent: "agent"}


def test_a_colleague_is_an_agent_too_and_a_bystander_a_customer() -> None:
    turns = [
        ("0", GREETING), ("1", WANTS), ("2", "你问他什么时候能退"), ("0", ASKS), ("0", "我帮您转接，请稍等"),
        ("3", GREETING), ("3", "我帮您查一下"), ("3", "还有其他可以帮您的吗"),
    ]  # fmt: skip
    assert tell_speakers(turns) == {"0": "agent", "1": "customer", "2": "customer", "3": "agent"}


def test_what_does_not_tell_is_not_guessed() -> None:
    assert tell_speakers([("0", "喂"), ("1", "喂，听得到吗")]) == {}
    assert tell_speakers([("0", GREETING), ("1", GREETING)]) == {}
    assert tell_speakers([]) == {}


def test_one_label_known_tells_the_other() -> None:
    turns = [("0", "喂"), ("1", "喂")]
    assert tell_speakers(turns, {"0": "agent"}) == {"1": "customer"}
    assert tell_speakers(turns, {"0": "customer"}) == {"1": "agent"}
    assert tell_speakers(turns, {"0": "bot"}) == {}


def test_each_recording_is_told_by_itself() -> None:
    contact = pd.Series([0, 0, 1, 1, 2], index=[5, 6, 7, 8, 9])
    label = pd.Series(["0", "1", "0", "1", "0"], index=contact.index)
    text = pd.Series([GREETING, WANTS, WANTS, GREETING, "喂"], index=contact.index)
    told = speakers_told(contact, label, pd.Series(None, index=contact.index, dtype=object), text)
    assert told.tolist() == ["agent", "customer", "customer", "agent", None]
    assert told.index.tolist() == contact.index.tolist()
