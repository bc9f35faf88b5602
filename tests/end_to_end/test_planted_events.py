"""What the simulator planted is found in the published tables, and little else is alarmed."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

pytestmark = [pytest.mark.demo, pytest.mark.spark, pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(3000)]

SPIKES = "SELECT *, started_at AT TIME ZONE 'Asia/Shanghai' AS began FROM spike ORDER BY started_at"


def spikes(centre) -> pd.DataFrame:
    return centre.reader.query(SPIKES)


def on(frame: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return the rows that began between two local days, both included."""
    day = frame["began"].dt.date
    return frame[(day >= dt.date.fromisoformat(first)) & (day <= dt.date.fromisoformat(last))]


def test_the_new_keyword_is_one_term_in_an_alert_of_its_first_complete_hour(centre):
    planted = centre.planted("keyword")
    found = on(spikes(centre), planted["day"], planted["day"])
    alarm = found[(found["kind"] == "keyword") & (found["key"] == planted["key"])]
    assert len(alarm) == 1, found[["kind", "key", "began"]]
    assert alarm["began"].iloc[0].hour == planted["hours"][0]
    assert alarm["observed"].iloc[0] >= 10 > alarm["expected"].iloc[0]
    behind = set(alarm["contact_ids"].iloc[0])
    assert len(behind & set(planted["contact_ids"])) >= 0.9 * len(behind)
    titles = centre.reader.query("SELECT title FROM alert")["title"]
    assert sum(planted["key"] in title for title in titles) == 1


def test_the_slow_team_is_a_dip_at_noon_on_wechat_that_goes_with_delay(centre):
    planted = centre.planted("slow_team")
    dips = centre.reader.query("SELECT *, started_at AT TIME ZONE 'Asia/Shanghai' AS began FROM dip")
    found = on(dips, planted["day"], planted["day"])
    found = found[(found["channel"] == "wechat") & (found["began"].dt.hour == 12)]
    assert len(found) == 1
    dip = found.iloc[0]
    assert (dip["ended_at"] - dip["started_at"]) == pd.Timedelta(hours=1)
    assert dip["response_seconds"] > 2 * dip["usual_response_seconds"]
    assert dip["delay"] == max(dip[["within_topic", "mix", "delay", "unexplained"]])
    assert dip["delay_low"] > 0
    assert "回复" in dip["verdict"]


def test_the_parts_of_every_dip_add_up(centre):
    dips = centre.reader.query('SELECT "drop" - within_topic - mix - delay - unexplained AS rest FROM dip')
    assert len(dips)
    assert dips["rest"].abs().max() < 1e-9


def test_the_outage_is_alarmed_and_not_blamed_on_delay(centre):
    planted = centre.planted("outage")
    ids = set(planted["contact_ids"])
    found = on(spikes(centre), planted["day"], planted["last_day"])
    assert any(len(ids & set(behind)) >= 0.5 * len(behind) for behind in found["contact_ids"])
    dips = centre.reader.query("SELECT *, started_at AT TIME ZONE 'Asia/Shanghai' AS began FROM dip")
    for dip in on(dips, planted["day"], planted["last_day"]).itertuples():
        assert dip.delay < 0.5 * dip.drop


def test_the_born_topic_has_an_id_of_its_own_and_a_birthday(centre):
    planted = centre.planted("topic_born")
    rows = centre.reader.query(
        "SELECT topic_id, count(*) AS n FROM contact WHERE list_contains(?, contact_id) GROUP BY 1 ORDER BY 2 DESC",
        [planted["contact_ids"]],
    )
    topic = rows["topic_id"].iloc[0]
    assert rows["n"].iloc[0] >= 0.6 * len(planted["contact_ids"])
    size = centre.reader.query("SELECT count(*) AS n FROM contact WHERE topic_id = ?", [topic])["n"].iloc[0]
    assert rows["n"].iloc[0] >= 0.6 * size
    born = centre.reader.query("SELECT day FROM topic_event WHERE event = 'born' AND topic_id = ?", [topic])["day"]
    assert len(born) == 1
    assert abs((pd.Timestamp(born.iloc[0]) - pd.Timestamp(planted["day"])).days) <= 1


def test_the_doubled_day_raises_at_most_two_alerts(centre):
    day = centre.planted("volume")["day"]
    found = on(spikes(centre), day, day)
    assert 1 <= len(found) <= 2, found[["kind", "key", "began"]]
    assert "volume" in set(found["kind"])


def test_few_alerts_match_nothing_planted(centre):
    first = dt.date.fromisoformat(centre.truth["first_day"])
    last = first + dt.timedelta(days=centre.truth["days"] - 1)
    found = on(spikes(centre), (last - dt.timedelta(days=13)).isoformat(), last.isoformat())
    unplanted = [row for row in found.itertuples() if not any(_matches(row, event) for event in centre.truth["events"])]
    assert len(unplanted) <= 3, [(row.kind, row.key, row.began) for row in unplanted]


def _matches(spike, event) -> bool:
    """An alarm matches a planted event of its days if a fifth of its contacts are the event's."""
    first, last = event["day"], event.get("last_day") or event["day"]
    if not dt.date.fromisoformat(first) <= spike.began.date() <= dt.date.fromisoformat(last) + dt.timedelta(days=1):
        return False
    return len(set(spike.contact_ids) & set(event["contact_ids"])) >= 0.2 * len(spike.contact_ids)


def test_the_demo_says_what_it_found(centre):
    for word in ("主题", "预警", centre.planted("keyword")["key"], "情绪下降"):
        assert word in centre.printed


def test_truth_is_written_beside_the_data(centre):
    assert json.loads((centre.home / "demo" / "truth.json").read_text(encoding="utf-8"))["events"]
