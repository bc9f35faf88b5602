"""The grammar of the simulated service centre, read from data/simulate."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from analytics.errors import ConfigError, InputFileError
from analytics.settings import DATA
from analytics.simulate.frames import Frames, parse_frames, without_words
from analytics.simulate.slots import DRAWN, SlotWords

FOLDER = DATA / "simulate"
TOPIC_FILES = ("logistics", "aftersales", "account", "shopping", "planted")
MOODS = ("negative", "neutral", "positive")
KEYWORD = "呛口小辣椒面膜"
BORN_TOPIC = "以旧换新"
OUTAGE_TOPIC = "物流停滞"
# Nobody shows a picture or a link over the phone.
WRITTEN_ONLY = (
    "截图",
    "发你",
    "照片",
    "链接",
    "发我",
    "发过去",
    "拍给",
    "拍照",
    "在线等",
    "视频",
    "页面",
    "么么哒",
    "yyds",
    "亲，",
    "亲亲",
    "点赞",
    "爱了",
    "3q",
    "88",
    "转人工",
)
_AGENT = {"days": "days_answer"}
_CUSTOMER = {"agent_no": "other_no"}


@dataclass(frozen=True)
class Topic:
    """A subject of contacts: how frequent, how people feel about it, and what is said."""

    name: str
    category: str
    share: float
    negative: float
    positive: float
    products: tuple[int, ...]
    product_steps: tuple[float, ...]
    titles: Frames
    ask: Mapping[str, Frames]
    follow: Mapping[str, Frames]
    ask_spoken: Mapping[str, Frames]
    follow_spoken: Mapping[str, Frames]
    agent: Frames


@dataclass(frozen=True)
class Noise:
    """How people write and how a recogniser mishears."""

    typos: tuple[tuple[str, tuple[str, ...]], ...]
    slips: tuple[tuple[str, tuple[str, ...]], ...]
    fillers: tuple[str, ...]
    emoji: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Grammar:
    """Everything that is said, and the words that fill it."""

    topics: tuple[Topic, ...]
    talk: Mapping[str, Mapping[str, Frames]]
    words: SlotWords
    noise: Noise

    def topic_index(self, name: str) -> int:
        """Return the place of a topic."""
        return next(index for index, topic in enumerate(self.topics) if topic.name == name)


def read_toml(folder: Path, name: str) -> dict[str, Any]:
    """Read one grammar file.

    Raises
    ------
    InputFileError
        If the file is missing.
    ConfigError
        If it is not valid TOML.
    """
    path = folder / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputFileError(f"simulate grammar: {path} is missing; it comes with the project, restore it") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"simulate grammar: {path} is not valid TOML: {error}") from error


@lru_cache(maxsize=4)
def load_grammar(folder: Path = FOLDER) -> Grammar:
    """Read and parse the grammar; about a tenth of a second, once a process.

    Raises
    ------
    InputFileError
        If a file is missing.
    ConfigError
        If a frame has an unknown slot or an open bracket.
    """
    words = SlotWords.from_tables(read_toml(folder, "slots"))
    known = words.names | DRAWN
    topics = tuple(
        _topic(table, words, known) for name in TOPIC_FILES for table in read_toml(folder, name).get("topic", [])
    )
    talk = {
        part: {
            key: parse_frames(text, known, _CUSTOMER if part == "customer" else _AGENT) for key, text in keys.items()
        }
        for part, keys in read_toml(folder, "talk").items()
    }
    talk["customer_spoken"] = {key: without_words(frames, WRITTEN_ONLY) for key, frames in talk["customer"].items()}
    return Grammar(topics, talk, words, _noise(read_toml(folder, "noise")))


def _topic(table: Mapping[str, Any], words: SlotWords, known: frozenset[str]) -> Topic:
    ask = {mood: parse_frames(table[f"ask_{mood}"], known, _CUSTOMER) for mood in MOODS}
    follow = {mood: parse_frames(table[f"follow_{mood}"], known, _CUSTOMER) for mood in MOODS}
    wanted = table.get("products", [])
    products = tuple(
        index
        for index, product in enumerate(words.products)
        if not wanted or product.name in wanted or product.category in wanted
    )
    return Topic(
        name=table["name"],
        category=table["category"],
        share=float(table["share"]),
        negative=float(table["negative"]),
        positive=float(table["positive"]),
        products=products,
        product_steps=tuple(accumulate(words.products[index].weight for index in products)),
        titles=parse_frames(table["titles"], known, _CUSTOMER),
        ask=ask,
        follow=follow,
        ask_spoken={mood: without_words(frames, WRITTEN_ONLY) for mood, frames in ask.items()},
        follow_spoken={mood: without_words(frames, WRITTEN_ONLY) for mood, frames in follow.items()},
        agent=parse_frames(table["agent"], known, _AGENT),
    )


def _noise(tables: Mapping[str, Any]) -> Noise:
    return Noise(
        typos=tuple((right, tuple(wrong)) for right, wrong in tables["typo"].items()),
        slips=tuple((right, tuple(wrong)) for right, wrong in tables["slip"].items()),
        fillers=tuple(tables["filler"]["words"]),
        emoji={mood: tuple(marks) for mood, marks in tables["emoji"].items()},
    )
