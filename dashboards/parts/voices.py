"""原声: the list of contacts behind a number, and one conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
import pandas as pd
from dash import html

from analytics.names import KIND_NAMES, MOOD_NAMES
from dashboards.data import categories, contacts, topics
from dashboards.data.labels import WHOLE
from dashboards.data.source import Extent, Source
from dashboards.names import (
    COURSES,
    OTHER,
    PLACE_KINDS,
    SPEAKERS,
    SPIKE_KINDS,
    channel_name,
    day_name,
    duration,
    product_name,
    score,
    span_name,
)  # fmt: skip
from dashboards.parts import corrections
from dashboards.parts.evidence import marked
from dashboards.parts.matters import Mark, matter_badge, matter_key, matter_marks
from dashboards.records import records
from dashboards.selection import Selection

PAGE_SIZE = 50
_LOCALE = {
    "page": "第", "to": "–", "of": "/", "more": "更多", "next": "下一页", "last": "末页", "first": "首页",
    "previous": "上一页", "loadingOoo": "载入中…", "noRowsToShow": "没有符合条件的原声",
    "pageSizeSelectorLabel": "每页",
    "pageLastRowUnknown": "?", "nextPage": "下一页", "lastPage": "末页", "firstPage": "首页", "previousPage": "上一页",
    "ariaPageSizeSelectorLabel": "每页条数", "loadingError": "载入失败", "thousandSeparator": ",",
    "ariaSortableColumn": "按回车排序", "copy": "复制", "sortAscending": "升序", "sortDescending": "降序",
}  # fmt: skip

_WITH = {
    "mood": "有情绪评分",
    "response": "有首次响应时长",
}


def grid(selection: Selection, known: Extent, *, height: str, compact: bool = False) -> dag.AgGrid:
    """Return the grid of a selection's contacts; rows come in pages of `PAGE_SIZE` as they are looked at.

    Columns that would say the same in every row of the warehouse are left out, and when `compact` the topic too.
    """
    no_product = compact or not any(known.products)
    mood_class = {f"mood-text-{mood}": f"params.value === '{name}'" for mood, name in MOOD_NAMES.items()}
    columns = [
        {"field": "started", "headerName": "时间", "width": 138, "sortable": True, "hide": known.first_day is None},
        {"field": "channel", "headerName": "渠道", "width": 72, "hide": len(known.channels) < 2},
        {"field": "product", "headerName": "商品", "width": 118, "hide": no_product},
        {"field": "mood", "headerName": "情绪", "width": 76, "sortable": True, "cellClassRules": mood_class},
        {"field": "topic", "headerName": "主题", "width": 130, "hide": compact},
        {
            "field": "text",
            "headerName": "客户原声",
            "flex": 1,
            "minWidth": 240,
            "cellRenderer": "Said",
            "cellClass": "said",
        },
    ]
    return dag.AgGrid(
        id={"type": "contacts", "selection": selection.encoded},
        columnDefs=columns,
        defaultColDef={"sortable": False, "resizable": True, "suppressHeaderMenuButton": True},
        rowModelType="infinite",
        getRowId="params.data.contact_id",
        dashGridOptions={
            "pagination": True, "paginationPageSize": PAGE_SIZE, "paginationPageSizeSelector": False,
            "cacheBlockSize": PAGE_SIZE, "maxBlocksInCache": 20, "infiniteInitialRowCount": 1, "rowHeight": 52,
            "headerHeight": 36, "localeText": _LOCALE, "suppressCellFocus": True, "animateRows": False,
        },
        className="ag-theme-quartz voices-grid",
        style={"height": height, "width": "100%"},
    )  # fmt: skip


def answer(source: Source, selection: Selection, request: dict[str, object]) -> dict[str, object]:
    """Return the rows the grid asks for, and how many there are in all."""
    model = request.get("sortModel") or []
    order = _order(model[0]) if isinstance(model, list) and model else ("started", "desc")
    start, stop = int(str(request.get("startRow", 0))), int(str(request.get("endRow", PAGE_SIZE)))
    frame = contacts.page(source, selection, start=start, stop=min(stop, start + 500), order=order)
    return {"rowData": [_row(row) for row in frame.to_dict("records")], "rowCount": contacts.count(source, selection)}


def conversation(source: Source, contact_id: str, corrected: Mapping[int, str]) -> list[html.Div]:
    """Return one contact: what is known of it, then its turns, each with a control that corrects its mood.

    Words that meet a category's rule are marked with its name, and turns with their topic where there are several.
    `corrected` holds the labels given by people, by turn and `labels.WHOLE`.
    """
    found = contacts.contact(source, contact_id)
    if found.empty:
        return [html.Div("这条联络已不在仓库中，可能在最近一次发布时被替换。", className="empty-advice")]
    row = found.iloc[0]
    turns = contacts.turns(source, contact_id)
    proofs = list(records(categories.evidence(source, contact_id)))
    about = matter_marks(contacts.matters(source, contact_id), turns)
    title = [html.Div(row["title"], className="contact-title")] if _given(row["title"]) else []
    return [
        html.Div(_facts(row, corrected.get(WHOLE)), className="facts"),
        *title,
        *matter_key(about),
        html.Div(
            [_turn(t, contact_id, corrected.get(t.turn), proofs, about.get(t.turn)) for t in records(turns)],
            className="turns",
        ),
    ]


def describe(source: Source, selection: Selection) -> list[str]:
    """Return a selection in words, the most particular first."""
    found = selection.narrowing
    if "spike" in found or "dip" in found:
        return [_event(source, selection)]
    words = [f"说到「{found['exact']}」"] if "exact" in found else []
    words += [f"搜索：{found['says']}"] if "says" in found else []
    if "topic" in found:
        words.append(f"主题「{_topic_label(source, found['topic'])}」")
    if "mentions" in found:
        words.append(f"顺带提到「{_topic_label(source, found['mentions'])}」")
    if "category" in found:
        words.append(f"「{categories.label(source, found['category'])}」")
    if "touchpoint" in found:
        words.append(f"触点「{found['touchpoint']}」")
    if "mood" in found:
        words.append(MOOD_NAMES.get(found["mood"], found["mood"]))
    words += [COURSES[found["course"]]] if found.get("course") in COURSES else []
    needed = found.get("with", "")
    words += [_WITH[needed]] if needed in _WITH else []
    words += [f"计入「{source.indicators[needed].label}」"] if needed in source.indicators else []
    if "channel_is" in found:
        words.append(channel_name(found["channel_is"]))
    if "product_is" in found:
        words.append(product_name(found["product_is"]))
    words += [found["team_is"] or "未注明班组"] if "team_is" in found else []
    words += [KIND_NAMES.get(found["kind_is"], found["kind_is"])] if "kind_is" in found else []
    words += [f"会员等级「{found['tier_is']}」"] if "tier_is" in found else []
    words += ["同一位客户"] if "person" in found else []
    words += [f"客户标签「{categories.tag_label(source, found['tag'])}」"] if "tag" in found else []
    words.append(_period(selection))
    if found.get("scope") == "all":
        return words
    words += ["、".join(channel_name(c) for c in selection.filters.channels)] * bool(selection.filters.channels)
    words += ["、".join(product_name(p) for p in selection.filters.products)] * bool(selection.filters.products)
    return words


def _period(selection: Selection) -> str:
    found = selection.narrowing
    if "hour" in found:
        at = pd.Timestamp(found["hour"])
        return f"{day_name(at.date())} {at:%H:%M}–{at + pd.Timedelta(hours=1):%H:%M}"
    if found.get("day_from") and found.get("day_to"):
        return span_name(pd.Timestamp(found["day_from"]).date(), pd.Timestamp(found["day_to"]).date())
    return span_name(selection.filters.start, selection.filters.end)


def _event(source: Source, selection: Selection) -> str:
    if "dip" in selection.narrowing:
        frame = source.rows(
            "SELECT channel, timezone($zone, started_at) AS started, timezone($zone, ended_at) AS ended"
            " FROM dip WHERE dip_id = $id",
            zone=source.zone, id=selection.narrowing["dip"],
        )  # fmt: skip
        found = [f"{channel_name(r.channel)}情绪下降 {r.started:%m-%d %H:%M}–{r.ended:%H:%M}" for r in records(frame)]
    else:
        frame = source.rows(
            "SELECT coalesce(t.label, g.label, s.key) AS label, s.kind, s.channel,"
            " timezone($zone, started_at) AS started"
            " FROM spike s LEFT JOIN topic t ON s.kind = 'topic' AND t.topic_id = s.key"
            " LEFT JOIN category g ON s.kind = 'category' AND g.category = s.key WHERE spike_id = $id",
            zone=source.zone, id=selection.narrowing["spike"],
        )  # fmt: skip
        found = [
            f"{SPIKE_KINDS[r.kind] if r.kind in PLACE_KINDS else f'「{r.label}」'}"
            f" {channel_name(r.channel)} {r.started:%m-%d %H:%M} 起"
            for r in records(frame)
        ]
    return found[0] if found else "已不在仓库中的事件"


def _topic_label(source: Source, topic_id: str) -> str:
    if not topic_id:
        return OTHER
    frame = topics.labels(source, [topic_id])
    return str(frame["label"].iloc[0]) if len(frame) else "未知主题"


def _order(model: object) -> tuple[str, str]:
    column = str(model.get("colId", "")) if isinstance(model, dict) else ""
    return column, str(model.get("sort", "desc")) if isinstance(model, dict) else "desc"


def _row(row: dict[Any, Any]) -> dict[str, object]:
    label = row["sentiment_label"]
    return {
        "contact_id": row["contact_id"],
        "started": row["started"] if _given(row["started"]) else "无时间",
        "channel": channel_name(row["channel"] if _given(row["channel"]) else None),
        "product": row["product"] if _given(row["product"]) else "–",
        "mood": MOOD_NAMES.get(str(label), "–"),
        "topic": row["topic"] if _given(row["topic"]) else OTHER,
        "text": row["text"],
    }


def _facts(row: pd.Series, corrected: str | None) -> list[html.Span]:
    label = row["sentiment_label"]
    wait = row["first_response_seconds"]
    pairs = [
        ("时间", row["started"]),
        ("渠道", channel_name(row["channel"])),
        ("类型", KIND_NAMES.get(row["kind"], row["kind"])),
        ("商品", row["product"]),
        ("主题", row["topic"] if _given(row["topic"]) else OTHER),
        ("触点", row["touchpoint"]),
        ("情绪", f"{MOOD_NAMES[label]} {score(float(row['sentiment_score']))}" if _given(label) else None),
        ("走势", _course(row)),
        ("班组", row["team"]),
        ("首次响应", duration(float(wait)) if _given(wait) else None),
        ("评分", f"{row['rating']:g}" if _given(row["rating"]) else None),
        ("编号", row["contact_id"]),
    ]
    control = {
        "情绪": [corrections.control(str(row["contact_id"]), WHOLE, label if _given(label) else None, corrected)],
        "走势": [html.Span(COURSES.get(row["mood_course"], ""), className=f"course is-{row['mood_course']}")],
    }
    return [
        html.Span([html.B(name), str(value), *control.get(name, [])])
        for name, value in pairs
        if _given(value) and value != ""
    ]


def _course(row: pd.Series) -> str | None:
    """Return how the mood went through a contact; nothing of one in which the customer spoke once."""
    if not _given(row["mood_course"]):
        return None
    first, last, lowest = (score(float(row[f"sentiment_{at}"])) for at in ("first", "last", "lowest"))
    return f"来时 {first}，离开时 {last}，最低 {lowest}"


def _turn(turn: Any, contact_id: str, corrected: str | None, proofs: Sequence[Any], about: Mark | None) -> html.Div:
    speaker, text, said, label = turn.speaker, turn.text, turn.said, turn.sentiment_label
    published = label if _given(label) else None
    mark = [corrections.control(contact_id, int(turn.turn), published, corrected)] if speaker == "customer" else []
    matter = [matter_badge(about)] if about else []
    head = [html.Span(SPEAKERS.get(speaker, speaker)), html.Span(said if _given(said) else ""), *matter, *mark]
    said_with_proofs = marked(text or "", [row for row in proofs if row.turn == turn.turn])
    return html.Div(
        [html.Div(head, className="turn-head"), html.Div(said_with_proofs, className="turn-text")],
        className=f"turn is-{speaker} {f'is-matter-{about.place}' if about else ''}",
    )


def _given(value: object) -> bool:
    return value is not None and not bool(pd.isna(value))  # type: ignore[call-overload]
