import datetime as dt

import pytest

from analytics.errors import ConfigError
from analytics.identity import Decision
from analytics.inbox.people import PersonDecisions, Signature

NOW = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
SIGNED = Signature(by="wang", at=NOW, why="same voice")
MERGE = Decision("merge", "id:aa", "contact:chats-1")
SPLIT = Decision("split", "id:aa", "id:bb")


def test_decisions_hold_until_they_are_withdrawn_and_are_never_lost(tmp_path):
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    kept = PersonDecisions(url)
    first = kept.make(MERGE, SIGNED, left_person="aa", right_person="cc")
    kept.make(SPLIT, SIGNED)
    assert kept.holding() == [MERGE, SPLIT]
    later = NOW + dt.timedelta(hours=1)
    kept.withdraw(first, later)
    kept.withdraw(first, later + dt.timedelta(hours=1))
    kept.close()
    again = PersonDecisions(url)
    assert again.holding() == [SPLIT]
    assert [(made.decision_id, made.made_by, made.why, made.withdrawn_at) for made in again.all()] == [
        (first, "wang", "same voice", later),
        (first + 1, "wang", "same voice", None),
    ]
    assert (again.all()[0].left_person, again.all()[0].right_person) == ("aa", "cc")
    again.close()


def test_a_number_that_is_no_decision_is_refused(tmp_path):
    kept = PersonDecisions(f"sqlite:///{tmp_path / 'inbox.db'}")
    with pytest.raises(ConfigError, match="person decisions lists them"):
        kept.withdraw(7, NOW)
    kept.close()


def test_an_inbox_of_before_gets_the_table(tmp_path):
    """The table is added to a database that has only alerts."""
    from sqlalchemy import create_engine, inspect

    from analytics.inbox.tables import AlertRow

    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    engine = create_engine(url)
    AlertRow.__table__.create(engine)
    kept = PersonDecisions(url)
    assert kept.all() == []
    assert "alert" in inspect(engine).get_table_names()
    engine.dispose()
    kept.close()
