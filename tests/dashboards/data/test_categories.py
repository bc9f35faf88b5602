from __future__ import annotations

import pytest

from dashboards.data import categories, contacts
from dashboards.data.source import Source, extent
from dashboards.filters import Filters
from dashboards.selection import Selection


@pytest.mark.parametrize("channels", [(), ("app", "wechat")])
def test_each_count_is_the_number_of_contacts_it_opens(source: Source, channels: tuple[str, ...]) -> None:
    default = extent(source).default
    selection = Selection(Filters(default.start, default.end, channels))
    frame = categories.table(source, selection)
    assert list(frame["category"].sort_values()) == ["anger", "escalate", "safety"]
    assert frame["n"].is_monotonic_decreasing
    assert (frame["n_total"] == contacts.count(source, selection)).all()
    for row in frame.itertuples():
        assert contacts.count(source, selection.narrowed(category=str(row.category))) == row.n
        assert row.share_low <= row.share <= row.share_high
    assert frame["n"].min() == 0 < frame["n"].max()


def test_other_kinds_stand_apart(source: Source) -> None:
    frame = categories.table(source, Selection(Filters()), kind="category")
    assert list(frame["label"]) == ["物流停滞"]
    assert categories.label(source, "delivery_stuck") == "物流停滞"
    assert categories.label(source, "gone") == "gone"


def test_evidence_stands_where_it_says(source: Source) -> None:
    hit = source.rows("SELECT contact_id FROM category_hit WHERE category = 'safety' ORDER BY contact_id LIMIT 1")
    contact_id = str(hit["contact_id"].iloc[0])
    said = contacts.turns(source, contact_id).set_index("turn")["text"]
    row = categories.evidence(source, contact_id).iloc[0]
    assert said[row["turn"]][row["start"] : row["stop"]] == "又红又痛"
    assert (row["label"], row["kind"]) == ("安全", "strong")
