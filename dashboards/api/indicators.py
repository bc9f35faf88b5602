"""Indicators: what each means, and its values by day."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from analytics.kpi_catalog import Indicator
from dashboards.api.answers import listed
from dashboards.api.asked import Days, Paged, days_of, text
from dashboards.api.blueprint import resource
from dashboards.api.problems import Problem
from dashboards.api.rows import rows
from dashboards.api.site import current_source
from dashboards.api.told import count, envelope, local_day, number, word
from dashboards.data import operations
from dashboards.filters import Filters


class Definition(ma.Schema):
    """What an indicator is."""

    name = word("as in the address of its values")
    label = word("what people call it")
    unit = word("count, share (0 to 1), seconds, score (-1 to 1) or points (-100 to 100)")
    direction = word("which way is better: lower, higher or neither")
    statistic = word("count, share, median or mean")
    formula = word("the definition in words")
    meaning = word("what it tells")
    target = number("what the site aims at, in the unit; null for none")


class IndicatorDay(ma.Schema):
    """An indicator on a day."""

    indicator = word("its name")
    day = local_day("of the contacts")
    value = number("in the indicator's unit")
    low = number("95 % interval, lower end; null for a single contact")
    high = number("95 % interval, upper end")
    n = count("contacts it is computed from")
    target = number("what the site aims at")
    unit = word("of value, low, high and target")


class AskedDefinitions(Paged):
    """Which definitions."""


class AskedValues(Days, Paged):
    """Which values."""

    channel = text("one channel; * = all of them together", load_default="*")


@resource("/indicators", envelope(Definition, "Definitions"), asks=AskedDefinitions)
def indicator_list(asked: dict[str, Any]) -> Any:
    """List the indicators with definition and target."""
    return listed([_definition(one) for one in current_source().indicators.values()], asked)


@resource("/indicators/<name>", envelope(IndicatorDay, "IndicatorDays"), asks=AskedValues)
def indicator_values(asked: dict[str, Any], name: str) -> Any:
    """List an indicator's values by day, all teams together."""
    source = current_source()
    if name not in source.indicators:
        raise Problem(404, "there is no such indicator", expected="a name of /api/v1/indicators", got=name)
    what = source.indicators[name]
    days = days_of(asked)
    found = operations.kpis(source, *days, asked["channel"])
    mine = rows(found[found["indicator"] == name], source.zone, days=("day",))
    return listed([{**row, "target": what.target, "unit": what.unit} for row in mine], asked, Filters(*days))


def _definition(what: Indicator) -> dict[str, Any]:
    names = ("name", "label", "unit", "direction", "statistic", "formula", "meaning", "target")
    return {name: getattr(what, name) for name in names}
