from __future__ import annotations

import pytest

from analytics.kpi_contacts import column_types
from analytics.kpi_expressions import ExpressionError, ExpressionReader


@pytest.fixture(scope="module")
def reader() -> ExpressionReader:
    return ExpressionReader(column_types())


@pytest.mark.parametrize(
    ("expression", "kind", "columns"),
    [
        ("TRUE", "truth", ()),
        ("kind IN ('call', 'chat') AND NOT (rating IS NULL)", "truth", ("kind", "rating")),
        ("channel LIKE 'we%' OR contains(upper(channel), 'NPS')", "truth", ("channel",)),
        ("epoch(ended_at) - epoch(started_at)", "number", ("ended_at", "started_at")),
        ("CASE WHEN rating >= 9 THEN 100 WHEN rating <= 6 THEN -100 ELSE 0 END", "number", ("rating",)),
        ("coalesce(n_reopened, 0)", "number", ("n_reopened",)),
        ("hours_seen BETWEEN 24 AND 72", "truth", ("hours_seen",)),
        ("team", "VARCHAR", ("team",)),
    ],
)
def test_what_may_be_said_is_read(
    reader: ExpressionReader, expression: str, kind: str, columns: tuple[str, ...]
) -> None:
    assert (reader.kind(expression), reader.columns(expression)) == (kind, columns)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("(SELECT max(rating) FROM contact)", "SUBQUERY"),
        ("EXISTS (SELECT 1)", "SUBQUERY"),
        ("sum(rating) OVER ()", "WINDOW"),
        ("count(*)", "one of the functions"),
        ("read_text('/etc/passwd') IS NULL", "one of the functions"),
        ("getenv('HOME') = 'x'", "one of the functions"),
        ("main.lower(kind) = 'x'", "one of the functions"),
        ("rating::INT", "CAST"),
        ("*", "STAR"),
        ("$1", "PARAMETER"),
        ("1), (2", "more than that"),
        ("1) FROM contact WHERE (TRUE", "more than that"),
        ("1) UNION SELECT (2", "more than that"),
        ("rating; DROP TABLE contact", "an expression of SQL"),
        ("1); DROP TABLE contact; SELECT (1", "an expression of SQL"),
        ("rating >=", "an expression of SQL"),
        ("", "one of the functions"),
        ("title = 'x'", "columns out of"),
        ("contact.rating > 3", "columns out of"),
        ("kind + 1", "types that fit"),
    ],
)
def test_what_may_not_is_refused_and_said(reader: ExpressionReader, expression: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        reader.kind(expression)
