"""Whether the reason of a fall of mood is told rightly, on simulated falls of known composition.

`python -m benchmarks.mood_falls` prints Markdown tables; two to three minutes of processor. Each day is judged as a
live run judges it, by the 28 days before. A fall that is found is compared with what was planted for its contacts.

Two truths, because the mean of 20 to 300 noisy scores is not the mean behind them. "Of these contacts": the planted mix
and delay of the contacts, over the fall as observed; all else, with the noise of their scores, is the third part. "As
planted": over the planted fall, without noise. The last row is the information bound of the second: the error left to
one who knows every part but sees the fall through the scores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.signals import daily_dips
from benchmarks.mood_falls_planted import FIRST_FALL, N_DAYS, START, Centre, build, truth_of

PARTS = ("delay", "mix", "within")
POINTS = 0.1
"""Parts are right within so much of the fall; a cause with less than that of a fall is none of its causes."""

_SAID = {"回复变慢相关：": "delay", "类问题增多相关": "mix", "同类问题里情绪变差相关": "within"}


def judged(seed: int) -> pd.DataFrame:
    """Return a row for each planted fall of a centre, found or not, and for each found that nobody planted."""
    centre = build(seed)
    first, last = ((START + pd.Timedelta(days=day)).date() for day in (FIRST_FALL, N_DAYS - 1))
    dips = daily_dips(centre.contacts, (first, last), labels={})
    rows = [_found(dip, centre) for dip in dips.to_dict("records")]
    told = {row["planted"] for row in rows}
    rows += [_missed(number, centre) for number in range(len(centre.falls)) if number not in told]
    return pd.DataFrame(rows).assign(seed=seed, shape=centre.response.shape)


def _found(dip: Mapping[Hashable, Any], centre: Centre) -> dict[str, object]:
    contacts = centre.contacts
    during = contacts[contacts["contact_id"].isin(dip["contact_ids"])]
    number = int(during["planted"].mode().iloc[0])
    truth = truth_of(during, _usual(during, contacts))
    drop, rest = float(dip["drop"]), float(dip["within_topic"]) + float(dip["unexplained"])
    told = {"delay": float(dip["delay"]) / drop, "mix": float(dip["mix"]) / drop, "within": rest / drop}
    real = {"delay": truth.delay / drop, "mix": truth.mix / drop}
    real["within"] = 1 - real["delay"] - real["mix"]
    return {
        "planted": number,
        "found": True,
        "kind": centre.falls[number].kind if number >= 0 else "",
        "slow": number >= 0 and centre.falls[number].minutes > 0,
        "n": len(during),
        "drop": drop,
        "planted_drop": truth.drop,
        "named": frozenset(name for text, name in _SAID.items() if text in str(dip["verdict"])),
        **{f"told_{name}": told[name] for name in PARTS},
        **{f"real_{name}": real[name] for name in PARTS},
        **{f"planted_{name}": getattr(truth, name) / truth.drop for name in PARTS},
    }


def _missed(number: int, centre: Centre) -> dict[str, object]:
    during = centre.contacts[centre.contacts["planted"] == number]
    truth = truth_of(during, _usual(during, centre.contacts))
    known = {"planted": number, "found": False, "kind": centre.falls[number].kind}
    return {**known, "n": len(during), "planted_drop": truth.drop}


def _usual(during: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts of the same channel and hours that nothing was planted for."""
    same = (contacts["channel"] == during["channel"].iloc[0]) & (contacts["planted"] < 0)
    usual: pd.DataFrame = contacts[same & contacts["started_at"].dt.hour.isin(during["started_at"].dt.hour.unique())]
    return usual


def errors(falls: pd.DataFrame, truth: str) -> pd.DataFrame:
    """Return told less true share of the fall, a column a part; `truth` is "real" or "planted"."""
    return pd.DataFrame({name: falls[f"told_{name}"] - falls[f"{truth}_{name}"] for name in PARTS})


def bound(falls: pd.DataFrame) -> pd.DataFrame:
    """Return the errors of shares where the points of each part are known, and the fall is as observed."""
    observed = falls["planted_drop"] / falls["drop"]
    known = {name: falls[f"planted_{name}"] * (observed - 1) for name in ("delay", "mix")}
    return pd.DataFrame({**known, "within": -known["delay"] - known["mix"]})


def is_right(fall: pd.Series) -> bool:
    """Say whether the largest planted cause is named, and nothing that has not a tenth of the fall."""
    main = max(PARTS, key=lambda name: fall[f"planted_{name}"])
    return main in fall["named"] and all(fall[f"planted_{name}"] >= POINTS for name in fall["named"])


def summary(rows: pd.DataFrame) -> dict[str, str]:
    """Return what is told of all centres, by name."""
    planted = rows[rows["planted"] >= 0]
    found = planted[planted["found"]]
    right = found.apply(is_right, axis=1)
    named = found["named"].map(lambda causes: "delay" in causes)
    innocent = found["planted_delay"] < POINTS
    extra = rows[(rows["planted"] < 0)]
    large = planted["planted_drop"] >= 0.2
    return {
        "falls planted, found": f"{len(planted)}, {len(found)} ({found['found'].sum() / len(planted):.0%})",
        "of those of 0.2 and more": f"{planted.loc[large, 'found'].mean():.0%}",
        "contacts of a fall, 5 % to 95 %": f"{found['n'].quantile(0.05):.0f} to {found['n'].quantile(0.95):.0f}",
        "without delay among causes": f"{innocent.mean():.0%}; of these with slow replies {_slow(found[innocent])}",
        "cause named rightly": f"{right.mean():.1%}",
        "nothing named (不确定)": f"{(found['named'].map(len) == 0).mean():.1%}",
        "false 回复变慢": f"{(named & innocent).sum()} of {innocent.sum()} without, "
        f"{(named & innocent).sum() / len(found):.1%} of all",
        "found besides": f"{len(extra)}, of which {(extra['planted_drop'] >= 0.1).sum()} fell by 0.1 or more "
        "(a busy moment)",
    }


def _slow(falls: pd.DataFrame) -> str:
    return f"{falls['slow'].sum():.0f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--centres", type=int, default=36, help="8 falls are planted in each")
    parser.add_argument("--seed", type=int, default=1000)
    given = parser.parse_args(arguments)
    began = time.process_time()
    rows = pd.concat([judged(given.seed + i) for i in range(given.centres)], ignore_index=True)
    print(f"{given.centres} centres, seeds from {given.seed}, {time.process_time() - began:.0f} s of processor\n")
    print("| measured | value |\n|---|---|")
    for name, value in summary(rows).items():
        print(f"| {name} | {value} |")
    found = rows[(rows["planted"] >= 0) & rows["found"]]
    print(
        "\n| parts | within ± 10 points: delay | mix | within and rest | all | mean abs. error, points |\n"
        + "|---" * 6
        + "|"
    )
    _print("of these contacts", errors(found, "real"))
    _print("as planted", errors(found, "planted"))
    _print("as planted, all parts known (bound)", bound(found))
    for kind, falls in found.groupby("kind"):
        _print(f"of these contacts: {kind} ({len(falls)})", errors(falls, "real"))


def _print(name: str, missed_by: pd.DataFrame) -> None:
    near = missed_by.abs() <= POINTS
    shares = " | ".join(f"{share:.0%}" for share in [*near.mean(), near.to_numpy().mean()])
    print(f"| {name} | {shares} | {100 * np.abs(missed_by.to_numpy()).mean():.1f} |")


if __name__ == "__main__":
    main()
