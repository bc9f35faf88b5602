"""Whether a topic keeps its id: two halves, four weeks of daily refits, and what a person decided.

``python -m benchmarks.topic_identity [--corpora DIR] [--texts-per-day 600]`` prints Markdown tables. About five minutes
on one core. The centre is simulated; real reviews are taken as well where the folder of real text is there.

- **Halves**: two fits on texts that have none in common, the second begun from the first, and what both say of
  contacts that neither has seen. Beside it: the second fitted alone, its ids as they come, and after the best
  one-to-one renaming that these very contacts allow (Hungarian), which no one could know in advance.
- **Days**: a fit on 14 days, then one refit a day for 28 days on the last 28 days of texts. Four matters begin, one bad
  product comes for three days, two matters end; an outage and a doubled day lie between.
- **Decisions**: a name and a pin after these 28 refits, and a merge that is taken back.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from analytics.topics.decisions import Decided, TopicDecision
from analytics.topics.emerging import emerging_matters
from analytics.topics.model import TopicModel
from benchmarks.command_line import corpora_parser
from benchmarks.topic_days import Replay, fitted, replay, sampled, simulated_days

FIRST_DAYS = 14
N_DAYS = FIRST_DAYS + 28
TRAILING_DAYS = 28
YOUNG_DAYS = 7
FIT_TEXTS = 6_000
PROBE_SHARE = 0.15
BEGINS = {"过敏不适": 16, "登录支付": 25, "会员积分": 36}
"""Held back before; with 以旧换新 (day 22, planted by the simulator) four births. Shares of 2.4, 5 and 4 in 100."""
BORN_BY_SIMULATOR = {"以旧换新": 22, "呛口小辣椒面膜": 29}
ENDS = {"发票": 24, "尺码咨询": 31}
Ids = pd.Series


def same_share(first: Ids, second: Ids) -> float:
    """Return the share of contacts with a topic in the first fit that have the same one in the second."""
    told = first.notna().to_numpy()
    return float((first.to_numpy()[told] == second.to_numpy()[told]).mean()) if told.any() else float("nan")


def same_of_all(first: Ids, second: Ids) -> float:
    """Return the share of all contacts with the same id in both, no topic in both counted as the same."""
    return float((first.fillna("").to_numpy() == second.fillna("").to_numpy()).mean())


def renamed_best(first: Ids, second: Ids) -> Ids:
    """Return the second ids renamed one to one so that most contacts agree with the first."""
    overlap = pd.crosstab(second, first)
    rows, columns = linear_sum_assignment(-overlap.to_numpy())
    names = {overlap.index[row]: overlap.columns[column] for row, column in zip(rows, columns, strict=True)}
    return second.map(lambda topic: names.get(topic, "?") if pd.notna(topic) else None)


def halves(texts: Sequence[str], *, n_topics: int) -> list[tuple[str, float, float, float, int]]:
    """Return for each way of refitting: share of same ids, of all, share without topic, topics."""
    order = np.random.default_rng(1).permutation(len(texts))
    parts = [[texts[place] for place in part] for part in np.array_split(order, 5)]
    one, other, held = parts[0] + parts[1], parts[2] + parts[3], parts[4]
    first = fitted(one, n_topics=n_topics)
    alone, warm = fitted(other, n_topics=n_topics), fitted(other, first, n_topics=n_topics)
    truth = first.assign(held)["topic_id"]
    ids = {"fitted alone, ids as they come": alone, "begun from the first": warm}
    found = {name: model.assign(held)["topic_id"] for name, model in ids.items()}
    found["fitted alone, best renaming"] = renamed_best(truth, found["fitted alone, ids as they come"])
    return [
        (name, same_share(truth, own), same_of_all(truth, own), float(own.isna().mean()), int(own.nunique()))
        for name, own in found.items()
    ]


def print_halves(sets: dict[str, list[str]], n_topics: dict[str, int]) -> None:
    """Print the table of the halves."""
    print("| texts | second fit | same id (of those with one) | of all | without topic | topics |")
    print("|---|---|---|---|---|---|")
    for name, texts in sets.items():
        for way, same, of_all, other, topics in halves(texts, n_topics=n_topics.get(name, 30)):
            print(
                f"| {name} ({len(texts):,}) | {way} | {same:.3f} | {of_all:.3f} | {other:.2f} | {topics} |", flush=True
            )


@dataclass
class DailyRefit:
    """Watch the day for new matters, then refit on the last four weeks; topics are young for a week."""

    born: dict[str, int] = field(default_factory=dict)

    def __call__(self, model: TopicModel, known: pd.DataFrame, day: int) -> TopicModel:
        """Return the model in use after `day`."""
        window = known[known["day"] > day - TRAILING_DAYS].assign(topic_id=None)
        is_today = window["day"] == day
        window.loc[is_today, "topic_id"] = model.assign(window.loc[is_today, "text"].tolist())["topic_id"].to_numpy()
        young = [topic for topic, birth in self.born.items() if day - birth <= YOUNG_DAYS]
        matters = emerging_matters(window, day, young=young)
        new = fitted(sampled(window, FIT_TEXTS), model, seeds=[matter.texts for matter in matters])
        before = {*model.topics["topic_id"], *model.retired["topic_id"]}
        self.born |= {topic: day for topic in new.topics["topic_id"] if topic not in before}
        return new


def four_weeks(texts_per_day: int) -> tuple[pd.DataFrame, Replay]:
    """Return the days and what became of the topics over them."""
    days = simulated_days(N_DAYS, texts_per_day, begins=BEGINS, ends=ENDS)
    asked = np.random.default_rng(2).random(len(days)) < PROBE_SHARE
    lasting = ~days["topic"].isin([*BEGINS, *BORN_BY_SIMULATOR, *ENDS]).to_numpy()
    probe, rest = days[asked & lasting].reset_index(drop=True), days[~asked | ~lasting].reset_index(drop=True)
    first = fitted(sampled(rest[rest["day"] < FIRST_DAYS], FIT_TEXTS))
    return rest, replay(rest, probe, first, DailyRefit(), begin=FIRST_DAYS)


def print_days(found: Replay) -> None:
    """Print what the 28 refits did to contacts, labels and births."""
    ids = [own["topic_id"] for own in found.assigned]
    daily = [same_share(before, after) for before, after in pairwise(ids)]
    daily_all = [same_of_all(before, after) for before, after in pairwise(ids)]
    print("\n| persisting matters, 28 refits | same id (of those with one) | of all |\n|---|---|---|")
    print(f"| day to day, mean | {np.mean(daily):.3f} | {np.mean(daily_all):.3f} |")
    print(f"| day to day, worst | {np.min(daily):.3f} | {np.min(daily_all):.3f} |")
    print(f"| first to last | {same_share(ids[0], ids[-1]):.3f} | {same_of_all(ids[0], ids[-1]):.3f} |")
    lost, changed = lost_labels(found)
    print(f"\nLabels of persisting matters: {lost} ids lost, {changed} names changed. ", end="")
    print(f"Topics: {len(found.models[0].topics)} at first, {len(found.models[-1].topics)} at last; ", end="")
    print(f"without a topic: {ids[0].isna().mean():.2f} at first, {ids[-1].isna().mean():.2f} at last.")
    print("\n| true matter begun | day | born events | on day | purity that day |\n|---|---|---|---|---|")
    planted = {**BEGINS, **BORN_BY_SIMULATOR}
    for topic, day in sorted(planted.items(), key=lambda item: item[1]):
        own = [birth for birth in found.births if birth.truth == topic and birth.day >= day]
        when = ", ".join(f"+{birth.day - day}" for birth in own) or "never"
        print(f"| {topic} | {day} | {len(own)} | {when} | {', '.join(f'{b.purity:.2f}' for b in own)} |")
    false = [birth for birth in found.births if birth.day < planted.get(birth.truth, N_DAYS)]
    print(f"\nBorn of something else: {len(false)}, {len(false) / 4:.1f} a week.")


def lost_labels(found: Replay) -> tuple[int, int]:
    """Return how many topics of the first model that hold persisting matters lost their id, or name, on any day."""
    holding = set(found.assigned[0]["topic_id"].value_counts()[lambda n: n >= 10].index)
    first = found.models[0].topics.set_index("topic_id")["label"]
    lost, changed = set(), set()
    for model in found.models[1:]:
        labels = model.topics.set_index("topic_id")["label"]
        lost |= {topic for topic in holding if topic not in labels.index}
        changed |= {topic for topic in holding if topic in labels.index and labels[topic] != first[topic]}
    return len(lost), len(changed)


def print_decisions(found: Replay) -> None:
    """Print whether what a person decided on the first day holds on the last."""
    first, last = found.assigned[0]["topic_id"], found.assigned[-1]["topic_id"]
    named, merged, into = first.value_counts().index[:3]
    decisions = [
        TopicDecision(kind="rename", topic_id=named, value="自己起的名"),
        TopicDecision(kind="pin", topic_id=named),
        TopicDecision(kind="merge", topic_id=merged, other_topic_id=into),
    ]
    during, after = Decided.of(decisions), Decided.of(decisions[:2])
    kept = same_share(first[first == named], last[first == named])
    merged_ids = last.map(lambda topic: during.merged.get(topic, topic))
    restored = last.map(lambda topic: after.merged.get(topic, topic))
    mine = last == merged
    print("\n| decision on the first day | after 28 refits |\n|---|---|")
    is_there = named in set(found.models[-1].topics["topic_id"])
    print(f"| name and pin of {named} | {'kept' if is_there else 'lost'}; {kept:.3f} of its contacts |")
    print(f"| {merged} merged into {into} | {(merged_ids[mine] == into).mean():.3f} of its contacts there |")
    print(f"| merge taken back | {(restored[mine] == merged).mean():.3f} of these have the old id again, ", end="")
    print(f"{same_share(first[first == merged], restored[first == merged]):.3f} of those of the first day |")


def shop_reviews(corpora: Path) -> list[str]:
    """Return 10,000 reviews, drawn by a seed."""
    table = pd.read_csv(corpora / "sentiment" / "online_shopping_7_cats.csv").dropna()
    return [str(text) for text in table["review"].sample(10_000, random_state=0) if str(text).strip()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--texts-per-day", type=int, default=600, help="chats and work orders of a simulated day")
    options = parser.parse_args(arguments)
    __import__("bertopic")  # 8 to 15 s that belong to nothing measured here
    sets = {"simulated contacts": simulated_days(28, options.texts_per_day, begins={}, ends={})["text"].tolist()}
    if options.corpora.is_dir():
        sets["shop reviews"] = shop_reviews(options.corpora)
    print_halves(sets, {})
    began = time.perf_counter()
    _, found = four_weeks(options.texts_per_day)
    print_days(found)
    print_decisions(found)
    print(f"\n28 days: {time.perf_counter() - began:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
