"""One dashboard over one warehouse: draws a page for an address, and says what is wrong in plain words."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
from dash import html

from analytics.access.limits import Limits
from analytics.errors import KeshengError
from analytics.kpi_catalog import INDICATORS, Indicator
from analytics.quality.held import read_held
from analytics.warehouse import open_reader
from dashboards.access.limited import ViewersReader
from dashboards.access.refusal import not_yours
from dashboards.access.start import first_filters
from dashboards.access.viewer import viewer_now
from dashboards.context import Context, Page
from dashboards.data.alerts import Alerts
from dashboards.data.cache import CachedReader
from dashboards.data.labels import Labels
from dashboards.data.source import Extent, Source, extent
from dashboards.data.topic_decisions import Decisions
from dashboards.data.topic_labels import ContactTopics
from dashboards.filters import Filters, Pairs, filters_of, other_pairs
from dashboards.frame import data_note, filter_values, shortcuts
from dashboards.language import say
from dashboards.parts.cards import empty
from dashboards.selection import Selection, selection_of

_LOG = logging.getLogger(__name__)
_HIDDEN = {"display": "none"}


@dataclass(frozen=True)
class Drawn:
    """A page ready to be shown."""

    children: list[Any]
    note: list[Any]
    has_data: bool


class Site:
    """A dashboard over one warehouse.

    Parameters
    ----------
    warehouse : Path
        The published file; it need not exist yet.
    inbox_url : str
        SQLAlchemy address of the inbox.
    zone : str
        Zone in which times are shown.
    pages : tuple of Page
        The pages, the first one for unknown addresses.
    leave_out : bool
        Whether numbers are without flagged contacts, as the jobs counted them.
    indicators : mapping of str to Indicator, optional
        Those of the site; the project's if not given.
    """

    def __init__(
        self,
        warehouse: Path,
        inbox_url: str,
        zone: str,
        pages: tuple[Page, ...],
        *,
        leave_out: bool = True,
        indicators: Mapping[str, Indicator] = INDICATORS,
    ) -> None:
        self.pages = pages
        self._reader = CachedReader(open_reader(warehouse))
        self.decisions = Decisions(inbox_url)
        self.source = Source(
            ViewersReader(self._reader),
            zone,
            leave_out=leave_out,
            decided=self.decisions.overlay,
            indicators=indicators,
            held=lambda: read_held(warehouse),
            published_at=lambda: self.published_at,
        )
        self.alerts = Alerts(inbox_url)
        self.labels = Labels(inbox_url)
        self.topic_labels = ContactTopics(inbox_url)
        self._known: dict[Limits, tuple[str, Extent]] = {}

    def draw(self, path: str, pairs: Pairs) -> Drawn:
        """Return the page at `path` for the parameters of its address."""
        page = next((p for p in self.pages if p.path == path.rstrip("/") or p.path == path), None)
        if page is None:
            return Drawn([empty(say("没有这个页面"), say("请从上方导航进入。"), "no-page")], [], has_data=False)
        if not viewer_now().has_page(page.path):
            return Drawn([not_yours()], [], has_data=False)
        if not self._reader.exists:
            return Drawn([_not_published()], [], has_data=False)
        try:
            known = self.extent()
            if known.n_contacts == 0:
                return Drawn([_nothing_inside(known)], [], has_data=False)
            context = self._context(known, pairs)
            return Drawn(list(page.render(context)), data_note(known, self.source.zone), has_data=True)
        except (KeshengError, duckdb.Error) as error:
            _LOG.error("page %s: %s: %s", path, type(error).__name__, error)
            return Drawn([_unreadable()], [], has_data=False)

    def context(self, pairs: Pairs) -> Context:
        """Return what pages and files are drawn from for the parameters of an address.

        Raises
        ------
        ConfigError
            If nothing was published yet.
        """
        return self._context(self.extent(), pairs)

    @property
    def published_at(self) -> dt.datetime | None:
        """When the warehouse that is shown was published; None before the first."""
        try:
            return dt.datetime.fromtimestamp(self._reader.path.stat().st_mtime, dt.UTC)
        except FileNotFoundError:
            return None

    @property
    def version(self) -> str:
        """A text that changes with each publication; '' before the first."""
        return self._reader.version

    def extent(self) -> Extent:
        """Return what the viewer may see of the warehouse, computed once for each publication and set of limits."""
        version, limits = self._reader.version, viewer_now().limits
        found = self._known.get(limits)
        if found is None or found[0] != version:
            found = self._known[limits] = (version, extent(self.source))
        return found[1]

    def default_filters(self) -> Filters:
        """Return the filters of an address that names none."""
        known = self._extent_if_any()
        return first_filters(viewer_now(), known) if known else Filters()

    def selection(self, pairs: Pairs, spec: str) -> Selection:
        """Return the contacts of an address' filters, narrowed by what was clicked."""
        filters = filters_of(pairs, self.default_filters())
        return selection_of(f"{urlencode(filters.pairs())}&{spec}" if filters.pairs() else spec)

    def filter_state(self, pairs: Pairs) -> tuple[Any, ...]:
        """Return values, presets, bounds and choices of the filter bar (see `dashboards.callbacks`)."""
        known = self._extent_if_any()
        if known is None:
            return ([None, None], [], [], [], None, None, _HIDDEN, [], [], say("全部渠道"), say("全部商品"), {}, {})
        found = filters_of(pairs, first_filters(viewer_now(), known))
        choices = filter_values(known)
        days = [str(found.start), str(found.end)] if found.start and found.end else [None, None]
        bounds = (str(known.first_day), str(known.last_day)) if known.first_day else (None, None)
        products = [p or "-" for p in found.products]
        return (
            days, list(found.channels), products, shortcuts(known), *bounds, {} if known.first_day else _HIDDEN,
            choices["channel"], choices["product"],
            "" if found.channels else say("全部渠道"), "" if products else say("全部商品"),
            {} if len(known.channels) > 1 else _HIDDEN, {} if any(known.products) else _HIDDEN,
        )  # fmt: skip

    def guarded(self, read: Callable[[Source], tuple[Any, Any, Any]]) -> tuple[Any, Any, Any]:
        """Return what `read` makes of the warehouse, or a title, count and body that say it cannot be read."""
        try:
            return read(self.source)
        except (KeshengError, duckdb.Error) as error:
            _LOG.error("list: %s: %s", type(error).__name__, error)
            return "", "", _unreadable()

    def _extent_if_any(self) -> Extent | None:
        try:
            return self.extent() if self._reader.exists else None
        except (KeshengError, duckdb.Error):
            return None  # `draw` says what is wrong

    def _context(self, known: Extent, pairs: Pairs) -> Context:
        others = other_pairs(pairs)
        given = [pair for pair in pairs if pair not in others]
        filters = filters_of(pairs, first_filters(viewer_now(), known))
        return Context(self.source, self.alerts, known, filters, given, dict(others),
                       self.decisions)  # fmt: skip


def _not_published() -> html.Div:
    commands = "\n".join(
        (
            say("kesheng demo          # 用模拟的服务中心试一试"),
            say("kesheng run --day D   # 计算已配置的数据来源"),
        )
    )
    return empty(say("还没有数据"), [say("先在项目目录下生成数据，再刷新本页："), html.Pre(commands)], "no-warehouse")


def _nothing_inside(known: Extent) -> html.Div:
    advice = say("检查数据来源的配置，然后运行 kesheng run。")
    if known.n_rejected:
        advice += say("有 {n:,} 条记录被拒收，原因见「数据」页。", n=known.n_rejected)
    return empty(say("仓库里还没有联络"), advice, "no-contacts")


def _unreadable() -> html.Div:
    return empty(
        say("读不了这个仓库"),
        [
            say("它可能由旧版本发布，或尚未发布完整。请重新发布后刷新："),
            html.Pre("kesheng run publish --day D"),
        ],
        "unreadable",
    )
