import pytest

from analytics.conform.name_times import id_in_name, time_in_name


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("8001_20260301_101530.json", "2026-03-01 10:15:30"),
        ("8001-20260301101530-in.wav", "2026-03-01 10:15:30"),
        ("2026-03-01_10-15-30 8001.json", "2026-03-01 10:15:30"),
        ("2026-03-01T10_15_30.json", "2026-03-01 10:15:30"),
        ("录音2026年03月01日10时15分30秒.json", "2026-03-01 10:15:30"),
        ("id_analysis_2026-03-01T02:15:30Z.json", "2026-03-01 02:15:30Z"),
        ("id_20260301T02:15_UTC.wav", "2026-03-01 02:15:00Z"),
        ("2026/03/01/a.json", "2026-03-01"),
        ("2026/02/28/a_20260301_101530.json", "2026-03-01 10:15:30"),
        ("meeting.json", None),
        ("13820260301.json", None),
        ("20269901.json", None),
    ],
)
def test_names_of_recordings_say_when(name: str, time: str | None) -> None:
    assert time_in_name(name) == time


@pytest.mark.parametrize("stem", ["result", "call_20260301_101530", "20260301101530", "13800138000_20260301", "1"])
def test_names_that_tell_no_call_from_another_or_whose_it_is_are_no_ids(stem: str) -> None:
    assert id_in_name(stem) is None


@pytest.mark.parametrize("stem", ["8001-4471_20260301_101530", "c0a8f3e2-1b2c-4d5e"])
def test_names_with_a_number_of_their_own_are_ids(stem: str) -> None:
    assert id_in_name(stem) == stem
