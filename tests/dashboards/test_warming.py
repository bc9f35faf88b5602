from __future__ import annotations

from pathlib import Path

from dashboards.pages import PAGES
from dashboards.site import Site
from dashboards.warming import warm

ZONE = "Asia/Shanghai"


def test_every_page_is_drawn_and_its_answers_are_kept(warehouse: Path) -> None:
    site = Site(warehouse, "sqlite:///no/such/inbox.db", ZONE, PAGES)
    drawn: list[str] = []
    draw = site.draw
    site.draw = lambda path, pairs: drawn.append(path) or draw(path, pairs)  # type: ignore[method-assign,func-returns-value]
    warm(site)
    assert drawn == [page.path for page in PAGES]


def test_before_the_first_publication_there_is_nothing_to_draw_and_no_error(tmp_path: Path) -> None:
    assert warm(Site(tmp_path / "voc.duckdb", "sqlite:///no/such/inbox.db", ZONE, PAGES)) >= 0
