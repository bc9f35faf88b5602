"""Days of background text for `benchmarks.new_words`, cut into units, and contacts that say planted names."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from analytics.simulate import Plan, simulate
from analytics.text.dictionary import DEFAULT_WORDS, UserWord, load_words
from analytics.text.normalise import normalise
from analytics.text.segment import Segmenter, make_segmenter
from analytics.text.units import UnitStream, unit_cutter, unit_stream
from benchmarks.language_sets import customer_turns

SEED = 20260101
FIRST_DAY = dt.date(2026, 3, 1)
N_DAYS = 29
LAST_DAY = FIRST_DAY + dt.timedelta(days=N_DAYS - 1)


@cache
def user_words() -> tuple[UserWord, ...]:
    """Return the project's word list."""
    return load_words([DEFAULT_WORDS])


@cache
def _segmenter() -> Segmenter:
    return make_segmenter("rjieba", user_words())


def cut_turns(rows: pd.DataFrame) -> pd.DataFrame:
    """Return day, contact_id, tokens, breaks of rows with a column text, as the job `segment` writes them."""
    cuts = [_segmenter().cut_clauses(normalise(text)) for text in rows["text"]]
    return rows[["day", "contact_id"]].assign(tokens=[cut[0] for cut in cuts], breaks=[cut[1] for cut in cuts])


def streams_by_day(rows: pd.DataFrame) -> tuple[UnitStream, ...]:
    """Return one stream of units a day."""
    cut = unit_cutter(user_words())
    return tuple(unit_stream(of_day, cut) for _, of_day in cut_turns(rows).groupby("day"))


def simulated_chats(contacts_per_day: int = 600) -> pd.DataFrame:
    """Return day, contact_id, text: what customers type in the simulator's chats, nothing planted."""
    found = []
    with TemporaryDirectory() as folder:
        plan = Plan(first_day=FIRST_DAY, days=N_DAYS, contacts_per_day=contacts_per_day, seed=SEED, plant=False)
        simulate(plan, Path(folder))
        for index in range(N_DAYS):
            day = plan.day(index)
            with (Path(folder) / "chats" / f"{day}.csv").open(encoding="utf-8") as lines:
                rows = csv.DictReader(lines)
                found += [(day, row["session_id"], row["text"]) for row in rows if row["speaker"] == "customer"]
    return pd.DataFrame(found, columns=["day", "contact_id", "text"])


def texts_without_times(corpora: Path) -> pd.DataFrame:
    """Return day, contact_id, text of takeaway and shop reviews and JD's chats, days given by a seed."""
    takeaway = pd.read_csv(corpora / "sentiment" / "waimai_10k.csv")["review"]
    shop = pd.read_csv(corpora / "sentiment" / "online_shopping_7_cats.csv")["review"]
    return with_days([*takeaway.dropna(), *shop.dropna(), *customer_turns(corpora)])


def with_days(texts: Iterable[str], prefix: str = "t") -> pd.DataFrame:
    """Return day, contact_id, text: each text a contact of a day given by a seed."""
    said = list(texts)
    numbers = np.random.default_rng(SEED).integers(N_DAYS, size=len(said))
    days = [FIRST_DAY + dt.timedelta(days=int(number)) for number in numbers]
    return pd.DataFrame({"day": days, "contact_id": [f"{prefix}{i}" for i in range(len(said))], "text": said})


def app_reviews(corpora: Path, app: str) -> pd.DataFrame:
    """Return day, contact_id, text of an app's reviews on their own days, the company's answers cut off."""
    table = pd.read_excel(corpora / "app_reviews" / f"{app}.xlsx", header=2).dropna(axis=1, how="all")
    table = table.assign(at=pd.to_datetime(table["发表时间"], errors="coerce")).dropna(subset=["at"])
    said = table["标题"].fillna("").astype(str) + "\n" + table["内容"].fillna("").astype(str)
    said = said.str.split("------", n=1).str[0].str.replace("（该条评论已经被删除）", "", regex=False)
    return pd.DataFrame({"day": table["at"].dt.date, "contact_id": [f"r{i}" for i in range(len(table))], "text": said})


def planted(names: Sequence[str], frames: Sequence[str], n_mentions: int, seed: int) -> pd.DataFrame:
    """Return contacts of the last day, each saying one name in one sentence."""
    rng = np.random.default_rng(seed)
    rows = []
    for name in names:
        chosen = rng.choice(len(frames), size=n_mentions, replace=n_mentions > len(frames))
        rows += [(LAST_DAY, f"p{name}{i}", frames[frame].format(name)) for i, frame in enumerate(chosen)]
    return pd.DataFrame(rows, columns=["day", "contact_id", "text"])
