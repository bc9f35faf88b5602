"""What changed, as sentences: topics, what started, what is new, and what did not change."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics.names import SEVERITY_NAMES
from dashboards.context import Context
from dashboards.data import bursts, contacts
from dashboards.data.overview import Facts
from dashboards.data.periods import Periods
from dashboards.filters import Filters
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import SPIKE_KINDS, STATES, channel_name, day_name, percent, percent_interval, score
from dashboards.parts.overview_findings import (
    Finding,
    Tone,
    difference,
    evidence,
    fine_score,
    named,
    p_text,
    points,
    signed_percent,
    to_page,
)
from dashboards.selection import Selection

_UNHAPPY, _HAPPY = -0.1, 0.1
_N_NAMED = 3
_URGENT = {"high": 4.0, "medium": 2.0}


def topic(context: Context, facts: Facts) -> Finding | None:
    """Return the topic that grew most for sure, or shrank where none grew; None where neither."""
    sure = facts.named[facts.named["verdict"] == "significant"]
    if sure.empty:
        return None
    grew = sure[sure["change"] > 0]
    grown = not grew.empty
    row: dict[Any, Any] = (
        grew.sort_values("change_low", ascending=False) if grown else sure.sort_values("change_high")
    ).iloc[0].to_dict()  # fmt: skip
    tone = _tone_of(float(row["mean"])) if grown else "changed"
    others = say("；另有 {n} 个主题显著变化", n=len(sure) - 1) if len(sure) > 1 else ""
    return Finding(
        "topic",
        abs(row["change"]) * row["n_total"] * (2.0 if tone == "worse" else 1.0),
        tone,
        "↑" if grown else "↓",
        say("「{topic}」明显增多", topic=row["label"]) if grown else say("「{topic}」明显减少", topic=row["label"]),
        say("占比 {before} → {now}，{n_before:,} 条 → {n:,} 条", before=percent(row["share_before"]),
            now=percent(row["share"]), n_before=int(row["n_before"]), n=int(row["n"])),
        say("{by} 个百分点，95% 区间 {low} 至 {high}，校正后 {q}", by=points(row["change"]),
            low=points(row["change_low"]), high=points(row["change_high"]), q=p_text(row["q_value"], "q")) + others,
        [evidence("topic", int(row["n"]), topic=row["topic_id"]),
         to_page(context, "/topics", say("看主题"), topic=row["topic_id"])],
    )  # fmt: skip


def burst(context: Context, facts: Facts) -> Finding | None:
    """Return the topic that came in a rush, where its days show no lasting rise; None where none did."""
    found = bursts.busiest(context.source, context.selection, bursts.bursting(facts.named))
    if found is None:
        return None
    row = facts.named.set_index("topic_id").loc[found.topic_id]
    tone, day = _tone_of(float(row["mean"])), found.day.isoformat()
    narrowing = {"topic": found.topic_id, "day_from": day, "day_to": day}
    return Finding(
        "burst",
        (found.n - found.n_before) * (2.0 if tone == "worse" else 1.0),
        tone,
        "↑",
        say("「{topic}」突然集中出现", topic=row["label"]),
        say("{n:,} 条，上期 {before:,} 条；其中 {n_day:,} 条在{day}", n=found.n, before=found.n_before,
            n_day=found.n_day, day=day_name(found.day, weekday=True)),
        say("总数之差校正后 {q}；逐日检验不显著（{q_days}）：集中在少数几天，看不出持续上升",
            q=p_text(found.q_value, "q"), q_days=p_text(float(row["q_value"]), "q")),
        [evidence("burst", found.n_day, say("当天 {n:,} 条", n=found.n_day), **narrowing),
         to_page(context, "/topics", say("看主题"), topic=found.topic_id)],
    )  # fmt: skip


def lasting(context: Context, facts: Facts) -> Finding | None:
    """Return the largest lasting change of mood first seen in the period; None where there was none."""
    if facts.lasting.empty:
        return None
    row = facts.lasting.iloc[0].to_dict()
    worse = row["after"] < row["before"]
    where = say("全部渠道") if row["channel"] == "*" else channel_name(row["channel"])
    where = f"{where}「{row['label'] or row['topic_id']}」" if row["topic_id"] else where
    since = day_name(pd.Timestamp(row["changed_on"]).date())
    said = {"where": where, "day": since}
    narrowing = {"scope": "all", "day_from": row["changed_on"], "day_to": row["day"], "with": "mood"}
    narrowing |= {"channel_is": row["channel"]} if row["channel"] != "*" else {}
    narrowing |= {"topic": row["topic_id"]} if row["topic_id"] else {}
    n = contacts.count(context.source, Selection(Filters(), narrowing))
    return Finding(
        "lasting",
        abs(row["after"] - row["before"]) * row["n"] * (2.0 if worse else 1.0),
        "worse" if worse else "better",
        "↓" if worse else "↑",
        say("{where}的情绪自{day}起持续变差", **said) if worse else say("{where}的情绪自{day}起持续好转", **said),
        say("均分 {before} → {after}", before=score(row["before"]), after=score(row["after"])),
        say("相差 {by}，95% 区间 {low} 至 {high}，{p}", by=fine_score(row["after"] - row["before"]),
            low=fine_score(row["low"]), high=fine_score(row["high"]), p=p_text(row["p_value"])),
        [evidence("lasting", n, **narrowing)],
    )  # fmt: skip


def started(context: Context, facts: Facts) -> Finding | None:
    """Return what the alarms found to have begun in the period, the most urgent by name; None where nothing did."""
    found = facts.alerts
    if found.empty:
        return None
    top = found.iloc[0].to_dict()
    n_high = int((found["severity"] == "high").sum())
    n_listed = 0 if pd.isna(top["n_listed"]) else int(top["n_listed"])
    facts_said = [
        say(SPIKE_KINDS[top["kind"]]) if top["kind"] in SPIKE_KINDS else "",
        channel_name(top["channel"]),
        say("{when} 起", when=f"{top['started']:%m-%d %H:%M}"),
        say("严重程度{level}", level=say(SEVERITY_NAMES.get(top["severity"], ""))),
        say(STATES.get(top["state"], top["state"])),
    ]
    listed = evidence("started", n_listed, **{top["event"]: top["spike_id"]}) if n_listed else None
    head = say("发生 {n} 起异常", n=len(found))
    return Finding(
        "started",
        _URGENT.get(top["severity"], 1.0) * max(n_listed, 1),
        "worse",
        "!",
        say("{head}，其中 {n} 起严重", head=head, n=n_high) if n_high else head,
        say("首要的是：{title}", title=top["title"]),
        " · ".join(fact for fact in facts_said if fact),
        [*([listed] if listed else []), to_page(context, "/operations", say("去处理"), alert=top["alert_id"])],
    )


def newcomers(context: Context, facts: Facts) -> Finding | None:
    """Return the topics that emerged in the period and have contacts in the selection; None where there are none."""
    found = facts.births.drop(columns="label").drop_duplicates("topic_id")
    found = found.merge(facts.named[["topic_id", "label", "n", "mean"]], on="topic_id").sort_values(
        ["n", "topic_id"], ascending=[False, True]
    )
    if found.empty:
        return None
    top, names = found.iloc[0], named(found["label"].head(_N_NAMED))
    tone = _tone_of(float(top["mean"]))
    return Finding(
        "new",
        float(found["n"].sum()) * (2.0 if tone == "worse" else 1.0),
        tone,
        "＋",
        say("出现 {n} 个新主题", n=len(found)),
        names + (say(" 等") if len(found) > _N_NAMED else ""),
        say("「{topic}」首日有 {n} 种不同的说法，平常预计 {expected:.1f}，{p}", topic=top["label"],
            n=int(top["n_texts"]), expected=float(top["expected"]), p=p_text(float(top["p_value"]))),
        [evidence("new", int(top["n"]), topic=top["topic_id"]),
         to_page(context, "/topics", say("看主题"), topic=top["topic_id"])],
    )  # fmt: skip


def unchanged(facts: Facts, changed: Periods) -> Finding | None:
    """Return what cannot be told from chance; None where everything changed."""
    said = []
    if not changed.volume.differs:
        found = changed.volume
        low, high = signed_percent(found.low - 1), signed_percent(found.high - 1)
        said.append(say("联络量 {by}（{low} 至 {high}）", by=signed_percent(found.ratio - 1), low=low, high=high))
    if not changed.mood.differs and changed.n_mood_before and facts.now.n_mood:
        said.append(say("情绪均分 {change}", change=difference(changed.mood)))
    steady = int((facts.named["verdict"] == "flat").sum()) - len(bursts.bursting(facts.named))
    if steady:
        others = steady < len(facts.named)
        said.append(say("其余 {n} 个主题的占比", n=steady) if others else say("全部 {n} 个主题的占比", n=steady))
    if not said:
        return None
    rest = say("；").join(said)
    return Finding("unchanged", 0.0, "plain", "=", say("没有显著变化"), rest, say("括号内为 95% 区间；5% 水平"))


def largest(context: Context, facts: Facts) -> list[Finding]:
    """Return what customers say most and what makes them least happy, where there is room for it."""
    named = facts.named
    if named.empty or facts.now.n < SMALL_N:
        return []
    found = [_standing(context, named.iloc[0].to_dict(), "largest")]
    enough = named[(named["n_mood"] >= SMALL_N) & (named["high"] < facts.now.mean)]
    if not enough.empty:
        found.append(_standing(context, enough.sort_values("mean").iloc[0].to_dict(), "unhappiest"))
    return found


def _standing(context: Context, row: dict[Any, Any], name: str) -> Finding:
    largest_one = name == "largest"
    lead = msg("客户说得最多的是「{topic}」") if largest_one else msg("客户最不满的是「{topic}」")
    share = say("占 {share}，情绪均分 {mean}", share=percent(row["share"]), mean=score(row["mean"]))
    interval = percent_interval(row["share_low"], row["share_high"])
    how = say(
        "95% 区间：占比 {share}，均分 {low} 至 {high}", share=interval, low=score(row["low"]), high=score(row["high"])
    )
    links = [evidence(name, int(row["n"]), topic=row["topic_id"]),
             to_page(context, "/topics", say("看主题"), topic=row["topic_id"])]  # fmt: skip
    tone: Tone = "plain" if largest_one else "worse"
    return Finding(name, float(row["n"]), tone, "•", say(lead, topic=row["label"]), share, how, links)


def _tone_of(mean: float) -> Tone:
    return "worse" if mean <= _UNHAPPY else "better" if mean >= _HAPPY else "changed"
