from __future__ import annotations

from dashboards.data import contacts, persons
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import Selection


def test_the_other_contacts_of_a_person_are_all_but_the_one(source: Source) -> None:
    mine = source.rows("SELECT contact_id FROM contact WHERE person_id = 'p7' ORDER BY started_at DESC")["contact_id"]
    others, total = persons.other_contacts(source, "p7", but=mine.iloc[1], n=20)
    assert list(others["contact_id"]) == [name for name in mine if name != mine.iloc[1]]
    assert total == len(mine) == contacts.count(source, Selection(Filters(), {"person": "p7"})) > 2
    fewer, again = persons.other_contacts(source, "p7", but=mine.iloc[-1], n=1)
    assert (list(fewer["contact_id"]), again) == ([mine.iloc[0]], total)


def test_nobody_has_no_contacts_and_no_tags(source: Source) -> None:
    others, total = persons.other_contacts(source, "nobody", but="c00001", n=5)
    assert (len(others), total) == (0, 0)
    assert persons.tags(source, "nobody").empty
