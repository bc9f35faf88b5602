"""The examples of docs/sources-sql.md and docs/sources-http.md do what the pages say."""

import json
import re
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from analytics.settings import Settings
from analytics.source_settings import HttpSettings, SourceSettings, SqlSettings
from jobs.collect import collect_source
from jobs.sources.conform_file import conform_landed
from jobs.sources.landing import manifest

DOCS = Path(__file__).resolve().parents[3] / "docs"


def blocks(name: str, language: str) -> list[str]:
    text = (DOCS / name).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def sources(name: str, **replaced: str) -> dict[str, SourceSettings]:
    """Return the sources that a page shows, with some addresses replaced."""
    found: dict[str, Any] = {}
    for block in blocks(name, "toml"):
        found |= tomllib.loads(block)["sources"]
    for source, url in replaced.items():
        (found[source].get("http") or found[source]["sql"])["url"] = url
    return {source: SourceSettings.model_validate(values) for source, values in found.items()}


def collected(settings: Settings, source: str) -> tuple[int, dict[str, str]]:
    """Collect; return the number of records that landed, and each contact with the last file that has it."""
    n_records = json.loads(collect_source(source, settings))["n_records"]
    contacts: dict[str, str] = {}
    for file in manifest(settings.landing, source):
        conformed = conform_landed(file, settings)
        contacts |= dict.fromkeys(conformed.contacts["contact_id"], file.file)
    return n_records, contacts


def test_the_database_that_the_page_makes_is_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect("crm.db")) as connection, connection:
        connection.executescript(blocks("sources-sql.md", "sql")[0])
    settings = Settings(home=tmp_path / "var", sources=sources("sources-sql.md"), person_key="k")
    n_records, contacts = collected(settings, "orders_here")
    assert (n_records, sorted(contacts)) == (3, ["orders_here-1", "orders_here-2", "orders_here-3"])
    assert collected(settings, "orders_here")[0] == 0
    with closing(sqlite3.connect("crm.db")) as connection, connection:
        connection.execute("UPDATE work_order SET updated_at = '2026-03-02 11:00:00' WHERE id = 3")
    n_records, again = collected(settings, "orders_here")
    assert n_records == 1
    assert [contact for contact in contacts if again[contact] != contacts[contact]] == ["orders_here-3"]


def test_the_interface_that_the_page_shows_is_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    monkeypatch.setenv("CRM_TOKEN", "t0p")
    (page,) = map(json.loads, blocks("sources-http.md", "json"))
    authorised = {"headers": {"Authorization": "Bearer t0p"}}
    httpserver.expect_ordered_request("/v2", query_string="limit=100", **authorised).respond_with_json(page)
    _, last = page["data"]["items"]
    commented = {**last, "id": 9003, "comments": [{"by": "a7"}, {"by": "c-20"}]}  # an only record with a list in it
    since = {"data": {"items": [commented, last], "next_cursor": None}}
    later = {"limit": "100", "updated_since": "2026-03-02T09:30:00+08:00"}
    httpserver.expect_ordered_request("/v2", query_string=later, **authorised).respond_with_json(since)
    found = sources("sources-http.md", tickets=httpserver.url_for("/v2"))
    settings = Settings(home=tmp_path / "var", sources=found, person_key="k")
    n_records, contacts = collected(settings, "tickets")
    assert (n_records, sorted(contacts)) == (2, ["tickets-9001", "tickets-9002"])
    n_records, contacts = collected(settings, "tickets")
    assert (n_records, sorted(contacts)) == (1, ["tickets-9001", "tickets-9002", "tickets-9003"])
    httpserver.check_assertions()


@pytest.mark.parametrize(("name", "model"), [("sources-sql.md", SqlSettings), ("sources-http.md", HttpSettings)])
def test_the_table_of_settings_is_that_of_the_code(name: str, model: Any) -> None:
    section = (DOCS / name).read_text(encoding="utf-8").split("## Settings")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*?) ?\|", section, re.MULTILINE)
    assert [key for key, _ in rows] == list(model.model_fields)
    for key, default in rows:
        if re.fullmatch(r"[\d.]+", default):
            assert float(default) == model.model_fields[key].default, key
