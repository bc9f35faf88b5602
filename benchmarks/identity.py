"""Who is speaking, measured: pairs of contacts joined rightly and wrongly, with and without the guard, and the time.

``python -m benchmarks.identity`` simulates the centre of the demo, gives the job what the exports say and prints
Markdown tables; about two minutes. ``--scale 1000000`` times the job on as many contacts (made without words), once
as configured and once with no graph small enough for one task. A pair is two contacts; it is right if both are of one
true person. Linkable pairs are those that any chain of identifiers connects, shared ones too: no method finds more.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from analytics.conform.people import identifier_hash
from analytics.identity import Decisions, Limits
from analytics.simulate import Plan, simulate
from analytics.simulate.centre import CHANNELS, load_centre
from analytics.simulate.identifiers import identifiers_of
from analytics.simulate.persons import customer_id, person_of
from analytics.simulate.schedule import ACTIVE_DAYS, NEW_PERSONS_PER_CONTACT, Head
from jobs.connected import SMALL_EDGES
from jobs.identity import assigned_in_one_task, assigned_in_steps
from jobs.session import spark_session

FIRST_DAY = date(2026, 3, 2)
KINDS = {
    "customer_id": "customer", "phone": "phone", "login": "login", "device": "device", "openid": "openid",
    "unionid": "unionid", "order_no": "order", "email": "email",
}  # fmt: skip
UNLIMITED = Limits(10**9, 10**9, 10**9)
GUARDS = {
    "as configured": Limits(),
    "no limit of logins": Limits(max_accounts=10**9),
    "no guard at all": UNLIMITED,
}
SCHEMA = pa.schema(
    [("day", pa.date32()), ("contact_id", pa.string()), ("id_kind", pa.string()), ("id_hash", pa.string())]
)
Row = tuple[date, str, str, str]


@cache
def _hash(kind: str, value: str) -> str | None:
    return identifier_hash(kind, value, "benchmark")


def _rows(day: date, contact: str, record: Mapping[str, str]) -> Iterator[Row]:
    for column, kind in KINDS.items():
        value = record.get(column)
        name = _hash(kind, value) if value else None
        if name:
            yield day, contact, kind, name


def exported(folder: Path) -> Iterator[Row]:
    """Yield what the simulated exports say, as table `contact_identifier`."""
    for path in sorted((folder / "calls").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            call = json.loads(line)
            yield from _rows(date.fromisoformat(path.stem), f"calls-{call['call_id']}", call)
    for name, own_id in (("chats", "session_id"), ("orders", "order_id")):
        for path in sorted((folder / name).glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as handle:
                records = {row[own_id]: row for row in csv.DictReader(handle)}
            for key, record in records.items():
                yield from _rows(date.fromisoformat(path.stem), f"{name}-{key}", record)


def true_persons(folder: Path) -> dict[str, str]:
    """Return contact → true person."""
    found: dict[str, str] = {}
    for path in (folder / "truth").glob("contacts-*.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            found.update((row["contact_id"], row["person"]) for row in csv.DictReader(handle))
    return found


def drawn(n_contacts: int, seed: int, days: int = 30) -> Iterator[Row]:
    """Yield what exports would say of so many contacts, without writing their words."""
    rng, centre = Random(seed), load_centre()
    plan = Plan(FIRST_DAY, days=days, contacts_per_day=n_contacts // days, seed=seed)
    shares = [centre.channel_share[channel] for channel in CHANNELS]
    newcomers = max(1, int(plan.contacts_per_day * NEW_PERSONS_PER_CONTACT))
    for number in range(n_contacts):
        index, channel = number * days // n_contacts, rng.choices(CHANNELS, shares)[0]
        kind = "call" if channel == "phone" else "chat"
        kind = "work_order" if rng.random() < centre.order_share[channel] else kind
        person = person_of(int((index + rng.random() * ACTIVE_DAYS) * newcomers), seed)
        head = Head(int(rng.random() * 86_400), channel, kind, 0, 0, person.number)
        known = identifiers_of(person, head, plan, index)
        record = {name: getattr(known, name) for name in ("phone", "login", "device", "openid", "unionid", "email")}
        record |= {"order_no": known.order, "customer_id": customer_id(person, channel, seed)}
        yield from _rows(plan.day(index), f"c{number}", record)


def write(rows: Iterator[Row], path: Path) -> int:
    """Write rows to Parquet in pieces; return how many."""
    n_rows = 0
    with pq.ParquetWriter(path, SCHEMA) as writer:
        piece: list[Row] = []
        for row in rows:
            piece.append(row)
            if len(piece) == 200_000:
                n_rows += _write_piece(writer, piece)
                piece = []
        n_rows += _write_piece(writer, piece)
    return n_rows


def _write_piece(writer: pq.ParquetWriter, piece: list[Row]) -> int:
    columns = list(zip(*piece, strict=True)) or [()] * len(SCHEMA)
    writer.write_table(
        pa.table([pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)], SCHEMA)
    )
    return len(piece)


def timed(identifiers: DataFrame, limits: Limits) -> tuple[dict[str, str], dict[str, str], float]:
    """Return contact → person, contact → reason, and the seconds it took."""
    began = time.perf_counter()
    rows = assigned_in_one_task(identifiers, limits, Decisions()).toPandas()
    seconds = time.perf_counter() - began
    known = rows[rows["person_id"].notna()]
    persons = dict(zip(known["contact_id"], known["person_id"], strict=True))
    return persons, dict(zip(rows["contact_id"], rows["person_reason"], strict=True)), seconds


def pair_shares(
    truth: Mapping[str, str], found: Mapping[str, str], contacts: Collection[str] | None = None
) -> tuple[float, float]:
    """Return precision and recall of pairs; with `contacts`, of the pairs that hold one of these."""
    of_truth, of_found = Counter(truth.values()), Counter(found.values())
    of_both = Counter((truth[contact], person) for contact, person in found.items())
    right = joined = true = 0
    for contact in truth if contacts is None else contacts:
        true += of_truth[truth[contact]] - 1
        if contact in found:
            joined += of_found[found[contact]] - 1
            right += of_both[truth[contact], found[contact]] - 1
    return right / max(joined, 1), right / max(true, 1)


def _print_quality(identifiers: DataFrame, truth: Mapping[str, str]) -> None:
    raw, _, _ = timed(identifiers, UNLIMITED)
    linkable = pair_shares(truth, raw)[1]
    print("| guard | precision | recall, all pairs | recall, linkable pairs | contacts of nobody | persons | seconds |")
    print("|---|---|---|---|---|---|---|")
    for name, limits in GUARDS.items():
        found, _, seconds = timed(identifiers, limits)
        precision, recall = pair_shares(truth, found)
        n_persons = len(set(found.values()))
        shares = f"{precision:.4f} | {recall:.4f} | {recall / linkable:.4f}"
        print(f"| {name} | {shares} | {len(truth) - len(found):,} | {n_persons:,} | {seconds:.1f} |")


def _print_by_size(identifiers: DataFrame, truth: Mapping[str, str]) -> None:
    found, _, _ = timed(identifiers, Limits())
    sizes = Counter(truth.values())
    print("\n| contacts of the true person | contacts | precision | recall |\n|---|---|---|---|")
    for first, last in ((2, 2), (3, 3), (4, 5), (6, 10**9)):
        chosen = [contact for contact, person in truth.items() if first <= sizes[person] <= last]
        precision, recall = pair_shares(truth, found, chosen)
        name = f"{first}" if first == last else f"{first} or more" if last == 10**9 else f"{first} to {last}"
        print(f"| {name} | {len(chosen):,} | {precision:.4f} | {recall:.4f} |")


def quality(spark: SparkSession, folder: Path, contacts_per_day: int, seed: int) -> None:
    """Print precision and recall on the simulated centre, with the column of customers and without."""
    simulate(Plan(FIRST_DAY, contacts_per_day=contacts_per_day, seed=seed), folder / "centre")
    n_rows = write(exported(folder / "centre"), folder / "identifiers.parquet")
    truth = true_persons(folder / "centre")
    print(f"{len(truth):,} contacts of {len(set(truth.values())):,} persons, {n_rows:,} identifiers, seed {seed}\n")
    identifiers = spark.read.parquet(str(folder / "identifiers.parquet"))
    _print_quality(identifiers, truth)
    _print_by_size(identifiers, truth)
    print("\nWithout the source's own number of the customer (a call says nothing but a phone):\n")
    _print_quality(identifiers.where("id_kind <> 'customer'"), truth)


def scale(spark: SparkSession, folder: Path, n_contacts: int, seed: int) -> None:
    """Print the seconds of the job on many contacts, its result written and thrown away."""
    n_rows = write(drawn(n_contacts, seed), folder / "many.parquet")
    identifiers = spark.read.parquet(str(folder / "many.parquet")).repartition(8)
    print(f"{n_contacts:,} contacts, {n_rows:,} identifiers\n\n| one task joins up to | seconds |\n|---|---|")
    for small_edges in (SMALL_EDGES, 0):
        began = time.perf_counter()
        found = assigned_in_steps(identifiers, Limits(), Decisions(), small_edges=small_edges)
        found.write.format("noop").mode("overwrite").save()
        print(f"| {small_edges:,} edges | {time.perf_counter() - began:.0f} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts-per-day", type=int, default=600)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--scale", type=int, default=0, help="contacts to time the job on")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, spark_session("kesheng benchmark of identity") as spark:
        run: Callable[[SparkSession, Path, int, int], None] = scale if given.scale else quality
        run(spark, Path(name), given.scale or given.contacts_per_day, given.seed)


if __name__ == "__main__":
    main()
