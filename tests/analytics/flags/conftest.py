"""Made-up contacts for the tests of flags."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pandas as pd
import pytest

BRUSHED = "家人们听我一句劝这家的东西闭眼入真的不踩雷{name}都说好我已经第{n}次回购了一定要来试试看"
OUTAGE = (
    "从早上开始就一直登录不上去，换了手机也一样",
    "你们的程序点开就闪退，重装两遍都没有用",
    "付款页面转圈转了半个小时，到底什么时候能好",
    "今天怎么回事，验证码发不过来，一直提示网络异常",
    "打不开了啊，首页一片白，刷新也刷新不出来",
    "全家人的账号都进不去，是不是服务器坏掉了",
    "提示系统繁忙请稍后再试，我已经试了一上午",
    "订单页面加载不出来，急着改地址，麻烦修一下",
    "更新完就崩，一点开就退回桌面，怎么用啊",
    "扫码没反应，支付不了，店员也说今天都用不了",
)
SHORT_PRAISE = ("很好", "好用", "物流很快", "质量不错，物流很快", "非常满意，下次还来", "好评")


def make_turns(texts: Sequence[str], **columns: object) -> pd.DataFrame:
    """Return one review a text, ten minutes apart, of unknown persons unless `columns` say otherwise."""
    n = len(texts)
    started = pd.Timestamp("2026-03-02 02:00", tz="UTC") + pd.to_timedelta(10 * pd.RangeIndex(n), unit="min")
    told = {
        "contact_id": [f"c{i:04}" for i in range(n)],
        "turn": 0,
        "text": list(texts),
        "text_simplified": list(texts),
        "started_at": started,
        "rating": 5.0,
        "person": None,
    }
    frame = pd.DataFrame({**told, **columns})
    return frame.assign(day=frame["started_at"].dt.tz_convert("Asia/Shanghai").dt.date)


@pytest.fixture
def brushed() -> list[str]:
    """Twelve reviews of one text with other names and numbers in it."""
    names = ("妈妈", "同事", "室友", "老公", "闺蜜", "邻居")
    return [BRUSHED.format(name=names[i % len(names)], n=i % 4 + 2) for i in range(12)]


@pytest.fixture
def outage() -> list[str]:
    """Forty customers who say one thing in their own words."""
    drawn = random.Random(7)
    return [f"{drawn.choice(('', '你好，', '客服，', '急！'))}{OUTAGE[i % len(OUTAGE)]}" for i in range(40)]
