import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import SchemaError
from jobs.sources.json_line import digest_of, json_line, packed, unpacked

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.slow
@given(st.dictionaries(st.text(), PLAIN))
def test_json_comes_back_as_it_was_on_one_line(record: dict[str, Any]) -> None:
    line = json_line(record, where="t")
    assert json.loads(line) == record
    assert line.count(b"\n") == 1 and line.endswith(b"\n")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("12345678901234567890.10"), "12345678901234567890.10"),
        (Decimal("1E+3"), "1000"),
        (Decimal("NaN"), None),
        (float("nan"), None),
        (float("-inf"), "-inf"),
        ([float("nan"), {"a": Decimal("1.0")}], [None, {"a": "1.0"}]),
        (dt.datetime(2026, 3, 1, 10, tzinfo=dt.timezone(dt.timedelta(hours=8))), "2026-03-01T02:00:00+00:00"),
        (dt.datetime(2026, 3, 1, 10, 0, 0, 5), "2026-03-01T10:00:00.000005"),
        (dt.date(2026, 3, 1), "2026-03-01"),
        (dt.time(10, 30), "10:30:00"),
        (dt.timedelta(minutes=1.5), 90.0),
        (b"\x00\xff", "00ff"),
        ({"b", "a"}, ["a", "b"]),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ("半个 \ud83d", "半个 \ufffd"),
    ],
)
def test_what_json_has_not_is_written_without_loss(value: Any, written: Any) -> None:
    assert json.loads(json_line({"v": value}, where="t")) == {"v": written}


def test_what_has_no_text_is_refused_by_column_and_type_not_by_value() -> None:
    with pytest.raises(SchemaError, match="orders: column 'place' holds values of type complex") as raised:
        json_line({"id": 1, "place": [complex(3, 4)]}, where="orders")
    assert "3" not in str(raised.value)


@pytest.mark.slow
@given(st.lists(st.binary()))
def test_digests_survive_packing_in_their_order(contents: list[bytes]) -> None:
    digests = [digest_of(content) for content in contents]
    assert list(unpacked(packed(digests))) == digests
