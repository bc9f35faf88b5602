"""The warehouse that stands, and which of its days are not as the lake has them now: only these are loaded again.

A publication notes what each day of each table was made of, in the folder of its version (`beside`), so that the note
and the file are of one publication. What a database deletes stays in its file until the space is used again. So all is
built anew where a contact is gone from the lake, and after so many publications in any case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from analytics.schema import TABLES
from analytics.warehouse.beside import TABLES_BESIDE, Days, by_day, key_of, parts_folder
from analytics.warehouse.lake_files import quoted

WHOLE_EVERY = 96
"""Publications until all is built anew: once a day at one each quarter of an hour."""
_MOST_CHANGED = 0.5
"""Share of the days of `contact` from which on building anew is no slower."""
_LAYOUT = 1
_NOTE = "made_of.json"


@dataclass(frozen=True)
class MadeOf:
    """What a publication was made of.

    Attributes
    ----------
    form : str
        How tables are laid out and what is put over them; another form is another warehouse.
    days : dict of str to dict of str to str
        Table → ISO day → name of what the day's files were, of tables inside the file that are kept by day.
    n_since_whole : int
        Publications since all was built anew.
    """

    form: str
    days: dict[str, dict[str, str]]
    n_since_whole: int = 0

    def changed(self, before: MadeOf, table: str) -> list[str]:
        """Return the days that a table has otherwise than before, those that are gone too."""
        now, then = self.days[table], before.days.get(table, {})
        return sorted(day for day in {*now, *then} if now.get(day) != then.get(day))

    def write(self, version: Path) -> None:
        """Note it in the folder of a version."""
        (version / _NOTE).write_text(json.dumps(asdict(self)), encoding="utf-8")


def made_of(inside: Mapping[str, Days], merged: Mapping[str, str]) -> MadeOf:
    """Return what a publication is made of; `inside` has the days of the tables that stand in the file.

    `merged` are the topics that are parts of others, which are put over the rows.
    """
    columns = {name: [(c.name, str(c.type)) for c in table.columns] for name, table in TABLES.items()}
    form = repr((_LAYOUT, duckdb.__version__, sorted(columns.items()), sorted(merged.items())))
    days = {
        name: {day: key_of(TABLES[name], files) for day, files in of_table.items()} for name, of_table in inside.items()
    }
    return MadeOf(form, days)


def days_inside(tables: Mapping[str, Sequence[Path] | pa.Table], sides: Mapping[str, Sequence[str]]) -> dict[str, Days]:
    """Return the published tables that go into the file by days, and the files of each of their days."""
    files = {name: given for name, given in tables.items() if not isinstance(given, pa.Table)}
    found: dict[str, Days] = {}
    for name, table in TABLES.items():
        if table.published and table.by_day and name in files and name not in TABLES_BESIDE:
            days = by_day({part: files[part] for part in (name, *sides.get(name, ())) if part in files}, name)
            if days is not None:
                found[name] = days
    return found


def changed_days(
    target: Path, before: Path | None, now: MadeOf, contact_files: Sequence[Path]
) -> tuple[dict[str, list[str]], MadeOf] | None:
    """Return table → days to be loaded again in a copy of the warehouse at `target`, and what the copy is made of then.

    None where all is to be built anew: there is no note of it (`before` is the folder of its version), it has another
    form, most days changed, a contact is gone, or it is time.
    """
    then = _noted(before)
    if then is None or then.form != now.form or then.n_since_whole + 1 >= WHOLE_EVERY or "contact" not in now.days:
        return None
    changed = {name: now.changed(then, name) for name in now.days}
    of_contact = changed["contact"]
    if len(of_contact) > _MOST_CHANGED * max(len(now.days["contact"]), 1) or then.days.keys() != now.days.keys():
        return None
    again = [file for file in contact_files if file.parent.name.removeprefix("day=") in of_contact]
    if of_contact and _is_one_gone(target, of_contact, again):
        return None
    return changed, MadeOf(now.form, now.days, then.n_since_whole + 1)


def forget_standing(target: Path) -> None:
    """Have the next publication build all anew: the file at `target` is damaged, or may be."""
    for note in parts_folder(target).glob(f"*/{_NOTE}"):
        note.unlink(missing_ok=True)


def in_days(days: Sequence[str]) -> str:
    """Return a condition on the column `day`.

    Examples
    --------
    >>> in_days(["2026-03-01"]), in_days([])
    ("day IN (DATE '2026-03-01')", 'false')
    """
    return f"day IN ({', '.join(f'DATE {quoted(day)}' for day in days)})" if days else "false"


def _noted(version: Path | None) -> MadeOf | None:
    note = None if version is None else version / _NOTE
    if note is None or not note.is_file():
        return None
    return MadeOf(**json.loads(note.read_text(encoding="utf-8")))


def _is_one_gone(target: Path, days: Sequence[str], files: Sequence[Path]) -> bool:
    """Whether a contact of the days as published is in none of these files."""
    if not files:
        return True
    named = ", ".join(quoted(str(file)) for file in files)
    with duckdb.connect(":memory:") as connection:
        try:
            connection.execute(f"ATTACH {quoted(str(target))} AS voc (READ_ONLY)")
            (n_gone,) = connection.execute(
                f"SELECT count(*) FROM (SELECT contact_id FROM voc.contact WHERE {in_days(days)})"
                f" ANTI JOIN read_parquet([{named}], hive_partitioning = false) USING (contact_id)"
            ).fetchone() or (0,)
        except duckdb.Error:  # a file that cannot be read is not built upon
            return True
    return bool(n_gone)
