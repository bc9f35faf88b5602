"""New words: planted names found, and candidates a day on text in which nothing was planted.

``python -m benchmarks.new_words [--corpora DIR]`` prints Markdown tables. Thresholds were tuned with one half of the
names and one half of the sentences (``--half tune``); the tables are of the other halves.

A planted name counts as *exact* if it is one found term of its day, blanks aside, and as *whole* if it is exact or
stands uncut in a term of at most two characters more.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analytics.text.candidates import branching_freedom
from analytics.text.discover import InMemory, discover_words
from analytics.text.lexicons import load_stop_words
from analytics.text.ngrams import COUNT, TOTAL
from analytics.text.units import SEPARATOR, UnitStream, unit_cutter, unit_stream
from analytics.text.word_rule import WordRule
from benchmarks import new_words_text as text
from benchmarks.command_line import corpora_parser, options_of
from benchmarks.new_words_planted import FRAMES, NAMES, halves

HISTORY_DAYS = 28
LEVELS = (10, 15, 20, 40, 100)
NAMES_A_DAY = {10: 9, 15: 9, 20: 9, 40: 6, 100: 2}
"""So that no sentence around the names is itself said often enough to be new."""
APPS = ("mijia", "mi_store", "haier")
NEAR_DAYS = 1


@dataclass(frozen=True)
class Background:
    """Days of text: its name, its units by day, and how many contacts and texts it has."""

    name: str
    streams: tuple[UnitStream, ...]

    @classmethod
    def of(cls, name: str, rows: pd.DataFrame) -> Background:
        """Cut the texts of some rows."""
        return cls(name, text.streams_by_day(rows))


def words_of(streams: Sequence[UnitStream], days: Sequence[object], rule: WordRule | None = None) -> pd.DataFrame:
    """Return the words that discovery finds on some days."""
    source = InMemory(tuple(streams))
    return discover_words(
        source,
        list(days),
        history_days=HISTORY_DAYS,
        stop_words=load_stop_words(),
        rule=rule,  # type: ignore[arg-type]
    )


def planted_table(backgrounds: Sequence[Background], names: list[str], frames: list[str]) -> None:
    """Print what is found of names planted on the last day of each background."""
    print(f"\n{len(names)} names of {len(NAMES)} makes in {len(frames)} sentences, planted after 28 days:\n")
    print("| background | mentions a day | exact | whole | other terms a day | missed |")
    print("|---|---|---|---|---|---|")
    for background in backgrounds:
        for n_mentions in LEVELS:
            exact, whole, others, missed, n_days = 0, 0, 0, [], 0
            for start in range(0, len(names), NAMES_A_DAY[n_mentions]):
                group = names[start : start + NAMES_A_DAY[n_mentions]]
                said = text.cut_turns(text.planted(group, frames, n_mentions, seed=start + n_mentions))
                streams = (*background.streams, unit_stream(said, unit_cutter(text.user_words())))
                found = [word.replace(" ", "") for word in words_of(streams, [text.LAST_DAY])["word"]]
                hits = {name: _whole(name, found) for name in group}
                exact += sum(name in found for name in group)
                whole += sum(map(bool, hits.values()))
                missed += [name for name in group if not hits[name]]
                others += len(set(found) - {term for terms in hits.values() for term in terms})
                n_days += 1
            total = len(names)
            row = (
                background.name,
                n_mentions,
                f"{exact / total:.3f}",
                f"{whole / total:.3f}",
                f"{others / n_days:.2f}",
            )
            print(f"| {' | '.join(map(str, row))} | {' '.join(missed)} |", flush=True)


def _whole(name: str, found: Sequence[str]) -> list[str]:
    return [term for term in found if name in term and len(term) <= len(name) + 2]


def background_table(backgrounds: Sequence[Background]) -> None:
    """Print candidates a day where nothing was planted, and the rival's on the day with most contacts."""
    print("\nCandidates a day, nothing planted (days with any text; the first day has no past):\n")
    print(
        "| text | days | ours, mean | ours, most | on the largest day: contacts | ours | cohesion and freedom alone |"
    )
    print("|---|---|---|---|---|---|---|")
    for background in backgrounds:
        source = InMemory(background.streams)
        contacts = source.contacts()
        largest = max(sorted(contacts), key=lambda day: contacts[day])
        found = words_of(background.streams, sorted(contacts))
        counts = found.groupby("day").size()
        cells = (
            len(contacts),
            f"{len(found) / len(contacts):.2f}",
            counts.max() if len(counts) else 0,
            contacts[largest],
            counts.get(largest, 0),
            rival_words(source, largest),
        )
        print(f"| {background.name} | {' | '.join(map(str, cells))} |", flush=True)


def rival_words(source: InMemory, day: dt.date) -> int:
    """Return how many n-grams of a day pass by cohesion and freedom, in no past and by no list of words."""
    rule = WordRule()
    units = source.pairs([day], 1)
    said = dict(zip(units["ngram"], units["n_contacts"], strict=True))
    links = [ngram for ngram, n in said.items() if SEPARATOR in ngram and n >= rule.min_contacts]
    chains = source.chains(links, max_parts=rule.max_parts, beside_days={day})
    chains = chains[chains["day"] == day]
    runs = chains[chains["side"] == COUNT]
    said |= dict(zip(runs["ngram"], runs["n_contacts"], strict=True))
    frequent = [ngram for ngram in runs["ngram"] if said[ngram] >= rule.min_contacts]
    freedom = branching_freedom(chains, frequent, 0)
    return sum(
        freedom[ngram] >= rule.min_freedom_bits and _cohesion(ngram, said) >= rule.min_cohesion_bits
        for ngram in frequent
    )


def _cohesion(ngram: str, said: Mapping[str, int]) -> float:
    parts = ngram.split(SEPARATOR)
    sides = [(SEPARATOR.join(parts[:place]), SEPARATOR.join(parts[place:])) for place in range(1, len(parts))]
    return min(math.log2(said[ngram] * said[TOTAL] / (said[left] * said[right])) for left, right in sides)


def arrival_table(corpora: Path) -> None:
    """Print the candidates of a day on which 150 texts come about goods that nobody has written of before."""
    print("\nShop reviews, the last of 29 days with 150 texts of a category that was never there:\n")
    print("| category | other texts a day | candidates |\n|---|---|---|")
    table = pd.read_csv(corpora / "sentiment" / "online_shopping_7_cats.csv").dropna(subset=["review"])
    for category, own in table.groupby("cat", sort=False):
        others = text.with_days(table.loc[table["cat"] != category, "review"].sample(6_000, random_state=text.SEED))
        new = text.with_days(own["review"].sample(150, random_state=text.SEED), prefix="new").assign(day=text.LAST_DAY)
        streams = text.streams_by_day(pd.concat([others, new]))
        found = words_of(streams, [text.LAST_DAY])
        print(f"| {category} | {len(others) // text.N_DAYS} | {len(found)} |", flush=True)


def windows_table(reviews: Sequence[Background], corpora: Path) -> None:
    """Print how many words are found in the windows in which bad reviews jumped, and elsewhere."""
    events = pd.read_csv(corpora / "app_reviews" / "events.csv", parse_dates=["start", "end"])
    print("\nApp reviews: words found in the windows of events.csv (a day more on each side), and on all other days:\n")
    print("| app | windows | windows with a word | words in them | days with a word elsewhere | words elsewhere |")
    print("|---|---|---|---|---|---|")
    for app, background in zip(APPS, reviews, strict=True):
        days = sorted({day for stream in background.streams for day in stream.days})
        found = words_of(background.streams, days)
        near, margin = pd.Series(False, index=found.index), pd.Timedelta(days=NEAR_DAYS)
        own = events[events["app"] == app]
        hits = 0
        for event in own.itertuples():
            inside = pd.to_datetime(found["day"]).between(event.start - margin, event.end + margin)
            hits += bool(inside.any())
            near |= inside
        elsewhere = found[~near]
        cells = (app, len(own), hits, int(near.sum()), elsewhere["day"].nunique(), len(elsewhere))
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def speed_table(rows: pd.DataFrame) -> None:
    """Print the seconds of 50,000 texts as one day, cutting them into tokens left out."""
    cut = text.cut_turns(rows.head(50_000).assign(day=text.LAST_DAY))
    started = time.process_time()
    stream = unit_stream(cut, unit_cutter(text.user_words()))
    words_of([stream], [text.LAST_DAY])
    first = time.process_time() - started
    days = rows.head(50_000).assign(tokens=cut["tokens"], breaks=cut["breaks"])
    started = time.process_time()
    words_of([unit_stream(days, unit_cutter(text.user_words()))], sorted(set(days["day"])))
    print("\n| 50,000 texts | processor seconds |\n|---|---|")
    print("| plain Python, n-grams 1 to 7, PMI and entropy (NLP.md) | 39 |")
    print(f"| ours, as one day without a past | {first:.1f} |")
    print(
        f"| ours, as {days['day'].nunique()} days, each against those before it | {time.process_time() - started:.1f} |"
    )


def run(corpora: Path, half: int = 1) -> None:
    """Print all tables; `half` 0 is what the thresholds were tuned on."""
    names = halves([name for of_make in NAMES.values() for name in of_make.split()])[half]
    frames = halves([frame for frame in FRAMES.strip().splitlines() if frame])[half]
    untimed = text.texts_without_times(corpora)
    chats = Background.of("simulated chats, 600 contacts a day", text.simulated_chats())
    mixed = Background.of("reviews and JD chats, days by a seed", untimed)
    reviews = [Background(f"app reviews, {app}", (_one_stream(text.app_reviews(corpora, app)),)) for app in APPS]
    planted_table([chats, mixed], names, frames)
    background_table([chats, mixed, *reviews])
    arrival_table(corpora)
    windows_table(reviews, corpora)
    speed_table(untimed)


def _one_stream(rows: pd.DataFrame) -> UnitStream:
    """Many days with a few texts each: one stream is faster than one a day."""
    return unit_stream(text.cut_turns(rows), unit_cutter(text.user_words()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--half", choices=("tune", "report"), default="report", help="names and sentences to plant")
    options = options_of(parser, arguments)
    started = time.process_time()
    run(options.corpora, ("tune", "report").index(options.half))
    print(f"\n{time.process_time() - started:.0f} s of processor time in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
