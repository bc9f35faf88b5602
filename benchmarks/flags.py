"""What is flagged as no customer's own voice: real reviews, a simulated centre, and campaigns planted into it.

``python -m benchmarks.flags [--corpora DIR]`` prints Markdown tables; about two minutes. Numbers only, no texts.
Reviews without times are tried twice: all on one day, the worst case, and spread by a seed over 180 days. Campaigns are
written for this benchmark (four texts a kind, names and numbers in them drawn, letters swapped with the probability
shown) and come within six hours into a source of the simulated centre. A campaign of n contacts that is found whole has
recall 1; nothing else in the simulated weeks may be flagged, least of all the planted outage.
"""

from __future__ import annotations

import dataclasses
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.flags import FlagRule, flag_contacts
from analytics.settings import SourceSettings, load_settings
from analytics.simulate import Plan, simulate
from benchmarks.command_line import corpora_parser, options_of
from jobs.sources.conform_file import conform_file, source_spec

ZONE = "Asia/Shanghai"
SPREAD_DAYS = 180
SIZES, SWAPPED, N_CAMPAIGNS = (8, 12, 30), (0.0, 0.02, 0.05), 12
REVIEWS = {
    "mijia": ("app_reviews/mijia.xlsx", {}),
    "mi_store": ("app_reviews/mi_store.xlsx", {}),
    "haier": ("app_reviews/haier.xlsx", {}),
    "waimai": ("sentiment/waimai_10k.csv", {"text": "review"}),
    "shopping": ("sentiment/online_shopping_7_cats.csv", {"text": "review", "product": "cat"}),
}
CAMPAIGNS = {
    "advertising": (
        "招聘线上兼职，时间自由一单一结，每天{n}元起，{who}在家就能做，想了解的加微信[微信]备注{who}",
        "全网大额优惠券群，每天更新{n}张，{who}一个月省下好几百，需要的朋友加群主[微信]拉你进来",
        "各类正规发票代开，税点低可验证，已经服务{n}家公司，{who}都在用，有需要联系[手机]长期有效",
        "无抵押贷款当天放款，额度最高{n}万，{who}亲测下款，不看征信，详询[手机]微信同号",
    ),
    "brushing": (
        "收到宝贝了比想象中还要好太多，{who}看见都说要买同款，已经回购第{n}次，客服耐心物流神速闭眼入不会错",
        "做工精致没有一点异味，用了{n}天效果肉眼可见，{who}也抢着用，性价比之王强烈推荐给还在犹豫的姐妹们",
        "包装严严实实像拆礼物一样惊喜，{who}夸我会挑东西，对比了{n}家只有这家最良心，以后就认准你们家了",
        "颜值高得离谱手感也很高级，{who}过来做客一眼就看中，第{n}回下单依旧没有失望，满分好评必须安排上",
    ),
    "spam": (
        "转发这条消息给{n}个群，{who}亲测有效，今晚十二点前系统会自动给你的账户充值话费，过期就没有了",
        "紧急通知所有用户请注意，{who}昨天已经中招，看到陌生短信千万别点，已有{n}人被盗号，请互相转告亲友",
        "本人丢失一只橘猫名叫豆豆，{who}最后在公园附近看到它，脖子上挂着{n}号铃铛，有消息的好心人麻烦留言",
        "支持某某战队夺冠，{who}一起来刷屏，目标刷到第{n}楼，队伍不散场，荣耀属于坚持到最后的每一个人",
    ),
}
WHO = ("妈妈", "室友", "同事小李", "隔壁邻居", "我家老公", "表姐", "闺蜜", "老同学")
FRESH = "的一是不了人在有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去"


def turns_of(path: Path, name: str, source: SourceSettings) -> pd.DataFrame:
    """Return customer turns of a file with what `flag_contacts` reads."""
    found = conform_file(path, source, source_spec(name, source, ZONE))
    turns = found.utterances[found.utterances["speaker"] == "customer"]
    contacts = found.contacts[["contact_id", "source", "started_at", "rating"]]
    known = found.identifiers[found.identifiers["id_kind"] != "order"]
    person = known.groupby("contact_id")["id_hash"].min()
    said = turns[["day", "contact_id", "turn", "text", "text_simplified"]].merge(contacts, on="contact_id")
    return said.assign(person=said["contact_id"].map(person))


def dated(turns: pd.DataFrame, n_days: int) -> pd.DataFrame:
    """Return the turns with times drawn by a seed over so many days."""
    ids = turns["contact_id"].drop_duplicates()
    hours = dict(zip(ids, np.random.default_rng(1).uniform(0, 24 * n_days, len(ids)), strict=True))
    started = pd.Timestamp("2026-03-01", tz=ZONE) + pd.to_timedelta(turns["contact_id"].map(hours), unit="h")
    return turns.assign(started_at=started.dt.tz_convert("UTC"), day=started.dt.date)


def flagged(turns: pd.DataFrame) -> pd.DataFrame:
    """Flag each source on its own."""
    return pd.concat([flag_contacts(part, FlagRule()) for _, part in turns.groupby("source")], ignore_index=True)


def print_reviews(corpora: Path) -> None:
    """Print the flagged share of each corpus, by kind and reason."""
    print("| reviews | contacts | flagged | share | advertising | brushing | spam | of them by burst | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, (path, columns) in REVIEWS.items():
        source = SourceSettings(path=str(corpora / path), kind="review", columns=columns, prefix_ids=False)
        turns = turns_of(corpora / path, name, source)
        undated = turns["started_at"].isna().all()
        variants = {f", {n} days": dated(turns, n) for n in (1, SPREAD_DAYS)} if undated else {"": turns}
        for label, given in variants.items():
            began = time.perf_counter()
            found = flagged(given)
            seconds = time.perf_counter() - began
            n = given["contact_id"].nunique()
            kinds = [str((found["flag"] == kind).sum()) for kind in ("advertising", "brushing", "spam")]
            n_bursts = found["flag_reason"].str.startswith("burst").sum()
            cells = [f"{name}{label}", f"{n:,}", str(len(found)), f"{len(found) / n:.2%}", *kinds, str(n_bursts)]
            print(f"| {' | '.join(cells)} | {seconds:.1f} |", flush=True)


def simulated(folder: Path, plan: Plan) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the customer turns of a simulated centre, and the planted event of each contact that has one."""
    simulate(plan, folder)
    parts = []
    for name, kind in (("calls", "jsonl"), ("chats", "csv"), ("orders", "csv")):
        source = load_settings().sources[name]
        parts += [turns_of(path, name, source) for path in sorted((folder / name).glob(f"*.{kind}"))]
    events = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["events"]
    return pd.concat(parts, ignore_index=True), {i: event["kind"] for event in events for i in event["contact_ids"]}


def campaign(kind: str, size: int, swapped: float, drawn: random.Random) -> list[str]:
    """Return `size` texts of one campaign: one text, other names and numbers, letters swapped for others."""
    text = drawn.choice(CAMPAIGNS[kind])
    filled = [text.format(who=drawn.choice(WHO), n=drawn.randint(2, 99)) for _ in range(size)]
    return ["".join(_swapped(letter, swapped, drawn) for letter in one) for one in filled]


def _swapped(letter: str, share: float, drawn: random.Random) -> str:
    # A swapped letter breaks the three shingles around it; masks and marks stay.
    han = "\u4e00" <= letter <= "\u9fff"
    return drawn.choice(FRESH) if han and drawn.random() < share else letter


def print_planted(turns: pd.DataFrame) -> None:
    """Print how much of the campaigns planted into the chats of the simulated weeks is found."""
    print("\n| planted | contacts each | letters swapped | campaigns | recall of contacts | named right |")
    print("|---|---|---|---|---|---|")
    chats = turns[turns["source"] == "chats"].assign(rating=0.0)
    first = chats["started_at"].min()
    for kind in CAMPAIGNS:
        for size in SIZES:
            for share in SWAPPED:
                drawn = random.Random(f"{kind}{size}{share}")
                rows = []
                for number in range(N_CAMPAIGNS):
                    began = first.floor("D") + pd.Timedelta(days=2 * number + 3, hours=2)
                    for i, text in enumerate(campaign(kind, size, share, drawn)):
                        at = began + pd.Timedelta(minutes=drawn.uniform(0, 360))
                        rows.append((f"planted-{number}-{i}", text, at))
                planted = pd.DataFrame(rows, columns=["contact_id", "text", "started_at"]).assign(
                    turn=0, source="chats", rating=5.0 if kind == "brushing" else 0.0
                )
                planted["person"] = planted["contact_id"]
                planted["day"] = planted["started_at"].dt.tz_convert(ZONE).dt.date
                planted["text_simplified"] = planted["text"].str.replace("，", ",")
                both = pd.concat([chats, planted], ignore_index=True)
                found = flag_contacts(both, FlagRule())
                hit = found[found["contact_id"].str.startswith("planted-")]
                right = (hit["flag"] == kind).mean() if len(hit) else float("nan")
                print(
                    f"| {kind} | {size} | {share:.0%} | {N_CAMPAIGNS} | {len(hit) / len(planted):.3f} | {right:.3f} |",
                    flush=True,
                )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    corpora = options_of(corpora_parser(__doc__), arguments).corpora
    print_reviews(corpora)
    weeks = Plan(date(2026, 4, 27), days=35)
    print("\n| simulated centre | contacts | flagged | of planted events |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        turns, events = simulated(Path(folder) / "demo", weeks)
        busy = dataclasses.replace(weeks, days=3, contacts_per_day=6000, plant=False)
        for label, given in (("35 days of 600", turns), ("3 days of 6,000", simulated(Path(folder) / "busy", busy)[0])):
            found = flagged(given)
            n_events = found["contact_id"].isin(events).sum()
            print(f"| {label} | {given['contact_id'].nunique():,} | {len(found)} | {n_events} |", flush=True)
    print_planted(turns)
    return 0


if __name__ == "__main__":
    sys.exit(main())
