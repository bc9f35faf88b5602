"""Find persons in the lake by whatever somebody has in hand; read with DuckDB, without Spark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from analytics.conform.people import identifier_hash
from analytics.errors import ConfigError
from analytics.identity.decisions import CONTACT, IDENTIFIER
from analytics.schema import ID_KINDS
from analytics.settings import Settings
from analytics.warehouse import lake_files, select_sql

_TABLES = ("contact_person", "contact_identifier", "person_tag", "tag")


@dataclass(frozen=True)
class FoundPerson:
    """A person as it now is: its person_id, its local days, and a reference that stays when persons move."""

    person_id: str
    days: tuple[dt.date, ...]
    reference: str


class PersonLookup:
    """Persons of a lake.

    Parameters
    ----------
    lake : duckdb.DuckDBPyConnection
        With views of the lake's tables `contact_person`, `contact_identifier`, `person_tag` and `tag`.
    person_key : str
        Secret with which identifiers were hashed.
    """

    def __init__(self, lake: duckdb.DuckDBPyConnection, person_key: str) -> None:
        self._lake, self._person_key = lake, person_key

    def rows(self, query: str, **given: object) -> list[tuple[object, ...]]:
        """Return the rows of a query over these tables."""
        found: list[tuple[object, ...]] = self._lake.execute(query, given).fetchall()
        return found

    def persons_of(self, key: str) -> list[str]:
        """Return the person_ids that a key leads to, the one with most contacts first; several if it is shared."""
        found = self.rows(
            "SELECT person_id FROM contact_person WHERE person_id IS NOT NULL AND"
            " (person_id = $key OR contact_id = $key OR contact_id IN"
            " (SELECT contact_id FROM contact_identifier WHERE list_contains($hashes, id_hash)))"
            " GROUP BY 1 ORDER BY count(*) DESC, 1",
            key=key,
            hashes=self.hashes(key),
        )
        return [str(person) for (person,) in found]

    def the_one(self, key: str) -> FoundPerson:
        """Return the person that a key names.

        Raises
        ------
        ConfigError
            If nobody, or more than one, is known by it.
        """
        found = self.persons_of(key)
        if not found:
            raise nobody()
        if len(found) > 1:
            raise ConfigError(
                f"person: expected a key of one person, got one that {len(found)} persons use;"
                " name one of them by person_id or contact_id (kesheng person show lists them)"
            )
        days = self.rows(
            "SELECT DISTINCT day FROM contact_person WHERE person_id = $person ORDER BY 1", person=found[0]
        )
        dates = tuple(day for (day,) in days if isinstance(day, dt.date))
        return FoundPerson(found[0], dates, self._reference(key, found[0]))

    def hashes(self, key: str) -> list[str]:
        """Return what a key would be hashed to as an identifier of any kind."""
        return [found for kind in ID_KINDS if (found := identifier_hash(kind, key, self._person_key))]

    def _reference(self, key: str, person_id: str) -> str:
        """Return what the decision follows: the contact that was named, else the identifier the person is called after.

        A contact that was taken out by hand is called after no identifier; then it is followed itself.
        """
        if self.rows("SELECT 1 FROM contact_person WHERE contact_id = $key LIMIT 1", key=key):
            return CONTACT + key
        if self.rows("SELECT 1 FROM contact_identifier WHERE id_hash = $person LIMIT 1", person=person_id):
            return IDENTIFIER + person_id
        ((contact,),) = self.rows(
            "SELECT min(contact_id) FROM contact_person WHERE person_id = $person", person=person_id
        )
        return f"{CONTACT}{contact}"


@contextmanager
def person_lookup(settings: Settings) -> Iterator[PersonLookup]:
    """Yield a lookup in the settings' lake; `settings.person_key` must be the key of its runs."""
    with duckdb.connect() as lake:
        for name in _TABLES:
            lake.execute(f"CREATE VIEW {name} AS {select_sql(name, lake_files(settings.lake, name))}")
        yield PersonLookup(lake, settings.person_key)


def nobody() -> ConfigError:
    """Return the error for a key by which nobody is known; it does not repeat the key, which may be a phone."""
    return ConfigError(
        "person: nobody is known by this key; expected a person_id, contact_id, phone, e-mail, openid, order or account"
        " of a contact that has been run (kesheng run)"
    )
