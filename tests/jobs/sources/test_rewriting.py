"""A record is taken out of a landing file of any kind: the others keep place, id and words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analytics.conform import Conformed
from analytics.settings import Settings, SourceSettings, load_settings
from jobs.sources.conform_file import conform_landed, source_spec
from jobs.sources.landing import collect_files, files_touching, manifest
from jobs.sources.manifest import LandedFile, Ledger
from jobs.sources.owners import owners_of
from jobs.sources.rewriting import rewrite
from tests.jobs.sources.test_ugly import FILES, UGLY

ZONE = "Asia/Shanghai"
SEVERAL = sorted(name for name, (_, used, refused, _) in FILES.items() if used + sum(refused.values()) > 1)


def landed_in(home: Path, source: SourceSettings) -> tuple[Settings, LandedFile]:
    settings = load_settings(home=home).model_copy(update={"sources": {"s": source}})
    (file,) = collect_files("s", source, settings.landing, ZONE)
    return settings, file


def rows(done: Conformed, without: int) -> list[pd.DataFrame]:
    contacts = done.contacts.drop(columns=["file", "day", "position"])
    turns = done.utterances.drop(columns=["file", "day"])
    kept = turns[turns["position"] != without]
    refused = done.rejected.loc[done.rejected["position"] != without, ["position", "reason"]]
    whole = contacts[contacts["contact_id"].isin(kept["contact_id"])]
    return [part.reset_index(drop=True) for part in (whole, kept, refused)]


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("which", [0, -1])
def test_a_record_goes_and_the_others_stay_as_they_are(name: str, which: int, tmp_path: Path) -> None:
    source = SourceSettings(path=str(UGLY / name), settle_seconds=0, **{"kind": "review", **FILES[name][0]})
    settings, file = landed_in(tmp_path, source)
    before = conform_landed(file, settings)
    spec = source_spec("s", source, ZONE, person_key="k")
    gone = int(owners_of(settings.landing / file.file, source, spec).records["position"].iloc[which])
    new = rewrite(file, {gone}, source, settings.landing, ZONE)
    assert new is not None
    assert manifest(settings.landing) == [new]
    assert (new.n_records, new.first_sha256) == (file.n_records - 1, file.sha256)
    assert not (settings.landing / file.file).exists()
    after = conform_landed(new, settings)
    assert gone not in {*after.utterances["position"], *after.rejected["position"]}
    if before.contacts["contact_id"].nunique() == before.utterances["position"].nunique():
        for was, now in zip(rows(before, gone), rows(after, gone), strict=True):
            pd.testing.assert_frame_equal(was, now, check_dtype=False)
    # The source still has the file as it was: it is not taken again.
    assert collect_files("s", source, settings.landing, ZONE) == []


def test_a_file_of_which_nothing_is_left_goes_and_does_not_come_back(tmp_path: Path) -> None:
    source = SourceSettings(path=str(UGLY / "rows.tsv.gz"), kind="review", settle_seconds=0)
    settings, file = landed_in(tmp_path, source)
    assert rewrite(file, {2}, source, settings.landing, ZONE) is None
    assert manifest(settings.landing) == []
    assert collect_files("s", source, settings.landing, ZONE) == []


def test_a_file_is_found_by_its_new_name_where_others_are_linked_to_it(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    source = SourceSettings(path=str(exports), kind="review", settle_seconds=0)
    settings = load_settings(home=tmp_path).model_copy(update={"sources": {"s": source}})
    head = "编号,时间,内容\n"
    (exports / "1.csv").write_text(f"{head}a,2026-01-01 10:00,好\nb,2026-01-02 10:00,差\n", encoding="utf-8")
    (first,) = collect_files("s", source, settings.landing, ZONE)
    (exports / "2.csv").write_text(f"{head}a,2026-01-05 10:00,很好\n", encoding="utf-8")
    (second,) = collect_files("s", source, settings.landing, ZONE)
    assert second.linked == (first.file,)
    rewritten = rewrite(first, {3}, source, settings.landing, ZONE)
    assert rewritten is not None
    day = second.days[-1]
    assert [file.file for file in files_touching(settings.landing, day, day)] == [rewritten.file, second.file]
    assert Ledger.read(settings.landing / "s").files[1].linked == (rewritten.file,)
