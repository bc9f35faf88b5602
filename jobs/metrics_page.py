"""docs/metrics.md, written from the declarations.

    python -m jobs.metrics_page [OUT]

A site's own indicators are not on it; `kesheng kpis` lists them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from analytics.kpi_catalog import INDICATORS, Indicator
from analytics.kpi_contacts import CONTACT_COLUMNS, DERIVED
from analytics.kpi_expressions import FUNCTIONS
from analytics.settings import PROJECT

PAGE = PROJECT / "docs" / "metrics.md"
_DIRECTIONS = {"higher": "越高越好", "lower": "越低越好", "neither": "没有好坏之分"}
_UNITS = {
    "count": "条",
    "share": "比例（0 到 1）",
    "seconds": "秒",
    "score": "分（−1 到 1）",
    "points": "分（−100 到 100）",
}
_DIMENSIONS = {"day": "日", "channel": "渠道", "product": "商品", "team": "班组", "topic": "话题"}
_INTERVALS = {
    "count": "泊松分布的精确区间（Garwood）",
    "share": "Wilson 区间",
    "mean": "t 区间；只有 1 条时没有",
    "median": "次序统计量，不假设分布；不足 6 条时就是最小到最大",
}
_HEAD = """# Indicators (指标)

<!-- Written by `python -m jobs.metrics_page` from data/kpis; do not edit by hand. -->

Every indicator is one file in `data/kpis`. This page is made from these files. It is in Chinese because those who
read numbers are; [how to add one](#adding-one) is below.

    kesheng kpis                                          # the newest numbers, and which are missing and why
    kesheng run kpi --day 2026-03-01 --to 2026-03-31      # compute them again

`kpi_day` has value, 95 % interval and n by day, channel and team. `kpi_cube` has the parts, by day, channel, product,
team and topic: the value of any roll-up is the sum of `numerator` over the sum of `n` (of a count, the sum of `n`), and
its interval follows from these two and the sum of `squares`. Sums are of decimals of six places, so the parts add up to
the whole exactly. A median cannot be added up, so it has no parts. An indicator that a site has no data for is absent;
it is never 0.

A contact counts on the local day it started. Contacts told apart by [flags](flags.md) do not count, nor do those
without a time. A contact has one topic here, its main one.
"""
_TAIL = """
## Adding one

Put a file into `data/kpis`, or into `var/kpis` for a site's own (the setting `kpis`), named after the indicator:

```toml
name = "weibo_negative_share"
label = "微博负面占比"
unit = "share"             # count, share, seconds, score or points
direction = "lower"        # lower, higher or neither: which is better
statistic = "share"        # count, share, mean or median
grain = ["day", "channel", "product", "team", "topic"]   # a median has day, channel and team only
source = ["channel", "sentiment_label"]                  # columns of contact that it reads; checked
among = "channel = 'weibo'"                              # which contacts count; all if not given
measure = "sentiment_label = 'negative'"                 # true or false, or a number; null: not counted
formula = "微博上负面的联络数 ÷ 微博上有情绪判断的联络数"
target = 0.2               # what the site aims at, if it does
```

Six indicators come with a target, a starting value of ours that binds nobody: 接起率 90 %, 首次响应 60 s, CSAT 85 %,
both 按时办结率 95 %, 首次解决率 70 %. The page 运营 says 达标 where the whole 95 % interval is on the good side of the
target, 未达标 where all of it is on the other, else 说不准.

A file of a project's name says only what is different there, as `target = 0.85` or `hours = 24` in
`var/kpis/first_contact_resolution_share.toml`. `{{hours}}` in an expression or a text is the file's `hours`.
After a change `kesheng run --stale` computes the days again. A wrong file stops the run with its name, the field and
what was expected.

`among` and `measure` are expressions of SQL (DuckDB): comparisons, AND, OR, NOT, CASE, IN, BETWEEN, LIKE, arithmetic
and {functions}. There are no subqueries, no other functions and no casts.
Columns: {columns}; and computed:

| column | what it is |
|---|---|
{derived}

Hours are counted between the starts of contacts. What needs hours to pass, as 首次解决率, counts no contact younger
than that: the newest days get their numbers when they are old enough, because running a day makes the days before it
again whose hours were not over.

## What to know before using them

- 首次解决率 and the repeat rates see what the person's identifiers show. Somebody who calls and then writes from an
  unknown account is taken for solved. A work order that an agent opens from a call is a contact of its own, and makes
  the call look unsolved where both have the same person and topic.
- 满意度 reads `rating` of 1 to 5 only. A source with another scale needs an indicator of its own.
- 投诉 is told by the source's own category. A site whose complaints are called otherwise says so in
  `var/kpis/complaint_on_time_share.toml`.
- A measure beyond a thousand million is taken for none.
"""


def page() -> str:
    """Return the page."""
    derived = "\n".join(f"| `{name}` | {said} |" for name, (_, _, said) in DERIVED.items())
    functions = ", ".join(f"`{name}`" for name in sorted(FUNCTIONS) if name.isidentifier())
    columns = ", ".join(f"`{name}`" for name in CONTACT_COLUMNS)
    tail = _TAIL.format(functions=functions, columns=columns, derived=derived)
    return "\n".join([_HEAD, *(_section(one) for one in INDICATORS.values())]) + tail


def _section(one: Indicator) -> str:
    rows = {
        "含义": one.meaning,
        "公式": one.formula,
        "单位": _UNITS[one.unit],
        "方向": _DIRECTIONS[one.direction],
        "粒度": " × ".join(_DIMENSIONS[name] for name in one.grain),
        "来源": "、".join(f"`{name}`" for name in one.source),
        "没有它的时候": one.missing,
        "区间": _INTERVALS[one.statistic],
    }
    if one.target is not None:
        rows["目标"] = f"{one.target:g}"
    cells = "\n".join(f"| {name} | {said} |" for name, said in rows.items())
    return f"## {one.label} `{one.name}`\n\n| | |\n|---|---|\n{cells}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page to docs/metrics.md, or to the file named."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    out = Path(given[0]) if given else PAGE
    out.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
