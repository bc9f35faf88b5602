import pandas as pd
import pytest

from analytics.conform.ratings import parse_ratings


@pytest.mark.parametrize(
    ("cell", "stars"),
    [
        ("5", 5), ("5.0", 5), ("4.5", 4.5), ("5星", 5), ("4 星", 4), ("五星", 5), ("两颗星", 2), ("★★★★★", 5),
        ("★★☆☆☆", 2),
        ("⭐⭐⭐", 3), ("4/5", 4), ("3 out of 5 stars", 3), ("3 stars", 3), ("9分", 9), (" 3 ", 3),
    ],
)  # fmt: skip
def test_ratings_of_every_spelling(cell: str, stars: float) -> None:
    assert parse_ratings(pd.Series([cell])).tolist() == [stars]


@pytest.mark.parametrize("cell", [None, "", "好", "☆☆☆☆☆x", "2020-01-01", "五星好评，很喜欢", "-1"])
def test_what_is_no_rating_is_missing(cell: str | None) -> None:
    assert parse_ratings(pd.Series([cell], dtype=object)).isna().all()
