"""The indicators of a service centre: what they are called, their unit, which way is better, how they are computed.

Declarations only: `analytics.signals.kpis` computes them, dashboards and reports read how to show them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes
    ----------
    name : str
        As in `kpi_day.indicator`.
    label : str
        What a person reads, Chinese.
    unit : str
        count, share (0 to 1), seconds or score (-1 to 1).
    better : str, optional
        lower or higher; None where neither is.
    statistic : str
        count of rows; share of rows in which `measure` is true (Wilson interval); median (order statistics) or mean
        (t interval) of `measure`.
    measure : str
        Column computed for each contact; rows in which it is missing are not counted in n.
    formula : str
        The definition in words, Chinese.
    """

    name: str
    label: str
    unit: Literal["count", "share", "seconds", "score"]
    better: Literal["lower", "higher"] | None
    statistic: Literal["count", "share", "median", "mean"]
    measure: str
    formula: str


REPEAT_HOURS = 72
"""Within this time a person who is back, on any channel, was not helped the first time.

Three days is the short end of what service centres use for first contact resolution (1 to 14 days); a longer time takes
new errands for the old one.
"""

INDICATORS: dict[str, Indicator] = {
    indicator.name: indicator
    for indicator in (
        Indicator("n_contacts", "联络量", "count", None, "count", "contact_id", "当天开始的联络数"),
        Indicator(
            "negative_share", "负面占比", "share", "lower", "share", "is_negative", "负面联络数 ÷ 有情绪判断的联络数"
        ),
        Indicator(
            "sentiment_mean", "情绪均分", "score", "higher", "mean", "sentiment_score", "联络情绪分的平均（−1 到 1）"
        ),
        Indicator(
            "recovered_share",
            "情绪挽回率",
            "share",
            "higher",
            "share",
            "is_recovered",
            "客户至少说了两句、来时负面的联络中，离开时不再负面且情绪分回升 0.3 以上的比例",
        ),
        Indicator(
            "soured_share",
            "情绪恶化率",
            "share",
            "lower",
            "share",
            "is_soured",
            "客户至少说了两句、来时不负面的联络中，离开时负面且情绪分下降 0.3 以上的比例",
        ),
        Indicator(
            "first_response_seconds",
            "首次响应",
            "seconds",
            "lower",
            "median",
            "first_response_seconds",
            "电话和在线会话中，客户第一句话到客服第一次回复的秒数，取中位数",
        ),
        Indicator(
            "mean_response_seconds",
            "平均响应",
            "seconds",
            "lower",
            "mean",
            "mean_response_seconds",
            "电话和在线会话中，每条联络里客户等回复的平均秒数，再对联络取平均",
        ),
        Indicator(
            "answered_share",
            "接起率",
            "share",
            "higher",
            "share",
            "is_answered",
            "有客服应答的电话与会话数 ÷ 电话与会话总数",
        ),
        Indicator(
            "repeat_share",
            "重复来访率",
            "share",
            "lower",
            "share",
            "is_repeat",
            "同一客户 72 小时内（任意渠道）来过的联络数 ÷ 可识别客户的联络数",
        ),
        Indicator(
            "handling_seconds",
            "处理时长",
            "seconds",
            "lower",
            "median",
            "handling_seconds",
            "电话与会话从开始到结束的秒数，取中位数",
        ),
    )
}
"""All indicators by name, in the order in which they are shown."""
