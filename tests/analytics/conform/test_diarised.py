import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.conform.diarised import is_diarised, speakers_told, tell_speakers
from analytics.simulate.day import simulate_day
from analytics.simulate.plan import Plan

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


def outcomes(talks: list[list[tuple[str, str]]]) -> Counter[str]:
    """Return how many talks, labelled by who really speaks, are told right, wrong or not at all."""
    found = [(tell_speakers(turns), {label for label, _ in turns}) for turns in talks]
    return Counter(
        "untold" if not told else "right" if all(told[label] == label for label in labels) else "wrong"
        for told, labels in found
    )


def test_simulated_calls_are_told_apart(tmp_path: Path) -> None:
    simulate_day(Plan(date(2026, 3, 4), days=1, contacts_per_day=300, seed=11, plant=False), 0, tmp_path)
    calls = pd.read_json(tmp_path / "calls" / "2026-03-04.jsonl", lines=True)["segments"]
    found = outcomes([[(turn["speaker"], turn["text"]) for turn in turns] for turns in calls])
    assert found["right"] >= 0.98 * found.total() > 50
    assert found["wrong"] == 0


@pytest.mark.corpora
def test_real_chats_with_hidden_names_are_told_apart(corpora: Path) -> None:
    talks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with (corpora / "chats/jddc_chat.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            talks[row[0]].append(("agent" if row[2] == "1" else "customer", row[6]))
    found = outcomes(list(talks.values()))
    assert found.total() == 497
    assert found["right"] >= 480
    assert found["wrong"] <= 2
