"""What the lake holds of one person: read with DuckDB, without Spark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from analytics.errors import ConfigError
from analytics.schema import ID_KINDS
from analytics.settings import Settings
from analytics.warehouse import lake_files, select_sql
from jobs.person_lookup import nobody, person_lookup
from jobs.sources.erasures import contact_key

_OF_ONE = tuple(kind for kind in ID_KINDS if kind != "device")
"""Kinds by which records that come later are known to be this person's; a device may be a family's."""


@dataclass(frozen=True)
class PersonContacts:
    """A person's contacts: ids, local days, the hashes by which they are known, and what was said (masked)."""

    contact_ids: frozenset[str] = frozenset()
    days: frozenset[dt.date] = frozenset()
    identifiers: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def contacts_of(settings: Settings, key: str) -> PersonContacts:
    """Return the contacts of the one person that a key names: a person_id, a contact_id, or an identifier as written.

    Raises
    ------
    ConfigError
        If nobody, or more than one person, is known by it.
    """
    with person_lookup(settings) as lookup:
        if lookup.persons_of(key):
            person = lookup.the_one(key).person_id
            rows = lookup.rows("SELECT contact_id FROM contact_person WHERE person_id = $person", person=person)
        else:
            rows = lookup.rows(
                "SELECT DISTINCT contact_id FROM contact_identifier"
                " WHERE contact_id = $key OR list_contains($hashes, id_hash)",
                key=key,
                hashes=lookup.hashes(key),
            )
            if len(rows) > 1:
                raise ConfigError(
                    f"erase: {len(rows)} contacts of nobody in particular have this key, as of a shared phone; name"
                    " them by contact_id, one at a time"
                )
    with _tables(settings) as lake:
        alone = lake.execute("SELECT contact_id FROM contact WHERE contact_id = $key", {"key": key}).fetchall()
        found = [str(contact) for (contact,) in rows or alone]
        if not found:
            raise nobody()
        return _described(lake, found)


def contacts_by_key(settings: Settings, keys: Collection[str]) -> PersonContacts:
    """Return the contacts whose `contact_key` is among `keys`, as far as they are still in the lake."""
    with _tables(settings) as lake:
        ids = [contact for (contact,) in lake.execute("SELECT contact_id FROM contact").fetchall()]
        return _described(lake, [contact for contact in ids if contact_key(contact) in keys])


def described(settings: Settings, contact_ids: Collection[str]) -> PersonContacts:
    """Return what the lake holds of some contacts."""
    with _tables(settings) as lake:
        return _described(lake, sorted(contact_ids))


@contextmanager
def _tables(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as lake:
        for name in ("contact", "contact_identifier", "utterance"):
            lake.execute(f"CREATE VIEW {name} AS {select_sql(name, lake_files(settings.lake, name))}")
        yield lake


def _described(lake: duckdb.DuckDBPyConnection, contact_ids: list[str]) -> PersonContacts:
    given = {"ids": contact_ids}
    days = lake.execute("SELECT DISTINCT day FROM contact WHERE list_contains($ids, contact_id)", given).fetchall()
    # What others are known by too (a family's phone, a shop's) must not take their records along.
    hashes = lake.execute(
        "SELECT id_hash FROM contact_identifier WHERE list_contains($kinds, id_kind)"
        " AND id_hash IN (SELECT id_hash FROM contact_identifier WHERE list_contains($ids, contact_id))"
        " GROUP BY id_hash HAVING bool_and(list_contains($ids, contact_id))",
        {**given, "kinds": list(_OF_ONE)},
    ).fetchall()
    texts = lake.execute(
        "SELECT DISTINCT text FROM utterance WHERE speaker = 'customer' AND list_contains($ids, contact_id)", given
    ).fetchall()
    return PersonContacts(
        frozenset(contact_ids),
        frozenset(day for (day,) in days),
        frozenset(found for (found,) in hashes),
        frozenset(text for (text,) in texts),
    )
