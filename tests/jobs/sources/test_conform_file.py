import datetime as dt
import json
from pathlib import Path

import pytest

from analytics.conform import Conformed, guess_columns
from analytics.errors import ConfigError, SchemaError
from analytics.settings import Settings, SourceSettings
from jobs.sources.conform_file import conform_file, conform_landed, source_spec
from jobs.sources.files import read_rows
from jobs.sources.landing import collect_files

ZONE = "Asia/Shanghai"


def conform(path: Path, **settings: object) -> Conformed:
    source = SourceSettings.model_validate({"path": str(path), "kind": "review", **settings})
    return conform_file(path, source, source_spec("s", source, ZONE))


@pytest.mark.slow
def test_a_landed_file_is_conformed_as_its_source_says(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "编号,时间,内容\n7,2026-01-01 08:00,好\n8,2026-01-01,\n,2026-01-02,差\n坏\n", encoding="utf-8"
    )
    columns = {"id": "编号", "time": "时间", "text": "内容"}
    source = SourceSettings(path=str(tmp_path / "a.csv"), kind="review", columns=columns)
    settings = Settings(home=tmp_path / "var", sources={"mi": source})
    (landed,) = collect_files("mi", source, settings.landing, ZONE)
    done = conform_landed(landed, settings)
    assert done.contacts["contact_id"].tolist() == ["mi-7", f"mi-{landed.sha256[:8]}-row4"]
    assert set(done.contacts["file"]) == set(done.rejected["file"]) == {landed.file}
    assert dict(zip(done.rejected["position"], done.rejected["reason"], strict=True)) == {3: "no_text", 5: "bad_row"}
    assert landed.n_records == len(done.contacts) + len(done.rejected)
    days = {*done.contacts["day"], *done.utterances["day"], *done.rejected["day"]}
    assert days <= set(landed.days) == {dt.date(2026, 1, 1), dt.date(2026, 1, 2)}


@pytest.mark.slow
def test_landing_of_a_source_no_longer_configured_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("内容\n很好用\n", encoding="utf-8")
    source = SourceSettings(path=str(tmp_path / "a.csv"), kind="review")
    (landed,) = collect_files("mi", source, tmp_path / "landing", ZONE)
    with pytest.raises(ConfigError, match=r"add \[sources\.mi\]"):
        conform_landed(landed, Settings(home=tmp_path))


def test_a_file_without_a_header_is_told_its_columns_by_number(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("k1\t0\t请问怎么退货\nk1\t1\t您好，可以的\n", encoding="utf-8")
    columns = {"contact": 1, "speaker": 2, "text": "3"}
    done = conform(tmp_path / "a.tsv", kind="chat", columns=columns, agent_value="1", header=False)
    assert done.contacts[["contact_id", "n_customer_turns", "n_turns"]].iloc[0].tolist() == ["s-k1", 1, 2]


def test_named_columns_are_all_that_is_used(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,评级,内容\n7,5,很好用\n", encoding="utf-8")
    assert conform(tmp_path / "a.csv", columns={"text": "内容"}).contacts["rating"].isna().all()
    with pytest.raises(SchemaError, match="none for text"):
        conform(tmp_path / "a.csv", columns={"id": "编号"})


def test_transcripts_keep_good_lines_beside_broken_ones(tmp_path: Path) -> None:
    good = {
        "call_id": "1",
        "started_at": "2026-01-01T08:00:00+08:00",
        "segments": [{"speaker": "customer", "text": "喂"}],
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(good) + "\n{\n", encoding="utf-8")
    done = conform(tmp_path / "a.jsonl", kind="call", format="contacts")
    assert (len(done.contacts), done.rejected["reason"].tolist()) == (1, ["bad_json"])


def test_a_preset_takes_the_columns_a_file_has_and_the_source_s_own_go_before(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Id,Created at,Subject,备注\n7,2026-01-01 08:00,漏水,底座渗水\n", encoding="utf-8")
    path = str(tmp_path / "a.csv")
    for columns, texts in (({}, ["漏水"]), ({"text": "备注"}, ["漏水", "底座渗水"])):
        source = SourceSettings.model_validate({"path": path, "preset": "zendesk_tickets", "columns": columns})
        done = conform_file(tmp_path / "a.csv", source, source_spec("z", source, ZONE))
        assert done.utterances["text"].tolist() == texts
        assert done.contacts["started_at"].astype(str).tolist() == ["2026-01-01 08:00:00+00:00"]


def test_a_preset_for_another_file_says_which_columns_it_expects(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    source = SourceSettings.model_validate({"path": "a.csv", "preset": "im_sessions"})
    with pytest.raises(SchemaError, match=r"preset im_sessions expects the text in one of 消息内容.*columns\.text"):
        conform_file(tmp_path / "a.csv", source, source_spec("i", source, ZONE))


def test_a_recording_s_name_reaches_from_its_folder_to_its_contact(tmp_path: Path) -> None:
    (tmp_path / "in" / "2026").mkdir(parents=True)
    record = {"segments": [{"start": 1, "end": 2, "text": "喂", "speaker": "SPEAKER_00"}], "word_segments": []}
    path = tmp_path / "in" / "2026" / "8001-4471_20260301_101530.json"
    path.write_text(json.dumps(record, indent=1), encoding="utf-8")
    source = SourceSettings(path=str(tmp_path / "in"), kind="call", format="whisperx", settle_seconds=0)
    settings = Settings(home=tmp_path / "var", sources={"w": source})
    (landed,) = collect_files("w", source, settings.landing, ZONE)
    done = conform_landed(landed, settings)
    assert done.contacts["contact_id"].tolist() == ["w-8001-4471_20260301_101530"]
    assert landed.days == tuple(done.contacts["day"]) == (dt.date(2026, 3, 1),)


COMPLAINTS = {"product": "car_model", "text": "desc", "time": "datetime"}
CORPORA = (
    ("app_reviews/mijia.xlsx", 5001, {"time": "发表时间", "rating": "评级", "title": "标题", "text": "内容"}),
    ("app_reviews/mi_store.xlsx", 5001, {"time": "发表时间", "rating": "评级", "title": "标题", "text": "内容"}),
    ("app_reviews/haier.xlsx", 1835, {"time": "发表时间", "rating": "评级", "title": "标题", "text": "内容"}),
    ("sentiment/waimai_10k.csv", 11987, {"text": "review"}),
    ("sentiment/online_shopping_7_cats.csv", 44930, {"product": "cat", "text": "review"}),
    ("work_orders/car_complaints_utf8.csv", 600, {"id": "id", **COMPLAINTS}),
    ("work_orders/car_complaints_gb18030.csv", 600, {"id": "id", **COMPLAINTS}),
    ("work_orders/car_complaints_2020-08.csv", 600, {"id": "id_", **COMPLAINTS}),
    ("traditional/google_reviews.csv", 100, {"rating": "Review Rating", "text": "Review"}),
)


@pytest.mark.corpora
@pytest.mark.parametrize(("name", "n_rows", "columns"), CORPORA)
def test_real_files_are_understood_and_no_row_is_lost(
    corpora: Path, name: str, n_rows: int, columns: dict[str, str]
) -> None:
    table = read_rows(corpora / name)
    assert guess_columns(table.frame) == columns
    done = conform(corpora / name)
    assert n_rows == table.n_rows_in == len(done.contacts) + len(done.rejected)
    assert len(done.rejected) <= 2
    assert done.contacts["contact_id"].is_unique
    assert done.contacts["started_at"].notna().all() == ("time" in columns)
    assert not done.utterances["text"].str.contains("该条评论已经被删除|开发者回复：").any()
    rows = (done.contacts, done.utterances, done.rejected, done.identifiers)
    assert [len(table) for table in done.to_arrow().values()] == [len(table) for table in rows]


@pytest.mark.corpora
def test_one_complaint_in_two_encodings_and_date_forms_is_the_same(corpora: Path) -> None:
    utf8, gb18030 = (conform(corpora / f"work_orders/car_complaints_{name}.csv") for name in ("utf8", "gb18030"))
    same = ["contact_id", "day", "started_at", "product"]
    assert utf8.contacts[same].equals(gb18030.contacts[same])
    assert utf8.utterances["text_simplified"].equals(gb18030.utterances["text_simplified"])


@pytest.mark.corpora
def test_real_chats_by_column_number(corpora: Path) -> None:
    columns = {"contact": 1, "speaker": 3, "text": 7}
    path = corpora / "chats/jddc_chat.tsv"
    done = conform(path, kind="chat", columns=columns, agent_value="1", header=False)
    assert (len(done.contacts), len(done.utterances) + len(done.rejected)) == (497, 6108)
    assert done.utterances["speaker"].value_counts().to_dict() == {"customer": 3074, "agent": 3034}


@pytest.mark.corpora
def test_real_answers_of_a_company_are_its_own_turns(corpora: Path) -> None:
    done = conform(corpora / "app_reviews/mijia.xlsx")
    assert (done.utterances["speaker"] == "agent").sum() == 565
