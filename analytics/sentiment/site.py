"""Learn the moods of a site, and say whether what was learnt is better: split by time, adapt, measure, decide."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import ConfigError
from analytics.schema.table import LABELS
from analytics.sentiment.adapt import Adapted, adapt
from analytics.sentiment.labels import SiteLabels
from analytics.sentiment.linear import LinearModel
from analytics.sentiment.site_measure import (
    Measured,
    difference,
    measure,
    near_copies,
    neutral_share,
    unit_scores,
)
from analytics.sentiment.turns import draw_turns

HELD_OUT_SHARE = 0.3
MIN_LABELLED = 100
MIN_OF_CLASS = 30
"""Labelled contacts that are needed, and of negative and of positive; a third of the latter among those held out."""
MAX_LEARNT = 20_000
"""Contacts learnt from at most, the newest: more change little and take longer."""
MAX_LOSS = 0.01
"""How much worse the new model may be at the lower end of the interval of the difference."""
MAX_NEUTRAL_LOST = 0.1
"""Share of talk that may stop being neutral."""
N_NEUTRAL = 3_000
SEED = 20260101


@dataclass(frozen=True)
class Lesson:
    """A site's model and what it is worth.

    Attributes
    ----------
    adapted : Adapted
        The model and its penalty.
    n_learnt, n_held_out : dict of str to int
        Labelled contacts and turns by label.
    n_copies : int
        Held-out ones left out as near copies of what was learnt from.
    before, after : Measured
        Of the shipped and the new model on those held out.
    gain, low, high : float
        Difference in balanced accuracy and its 95 % interval.
    neutral_before, neutral_after : float
        Share of neutral turns of talk without a label; NaN where there is none.
    """

    adapted: Adapted
    n_learnt: dict[str, int]
    n_held_out: dict[str, int]
    n_copies: int
    before: Measured
    after: Measured
    gain: float
    low: float
    high: float
    neutral_before: float
    neutral_after: float

    @property
    def refused(self) -> str:
        """Why the model must not be installed; empty if it may."""
        if not self.gain > 0:
            return "balanced accuracy does not rise"
        if self.low < -MAX_LOSS:
            return f"it may be more than {100 * MAX_LOSS:g} point worse: too few labels to tell"
        if self.neutral_before - self.neutral_after > MAX_NEUTRAL_LOST:
            return f"more than {100 * MAX_NEUTRAL_LOST:g} points of neutral talk are no longer neutral"
        return ""


def learn_site(base: LinearModel, labels: SiteLabels, talk: Sequence[str], *, seed: int = SEED) -> Lesson:
    """Adapt `base` to the earlier labelled contacts of a site and measure both models on the later ones.

    Parameters
    ----------
    base : LinearModel
        The shipped model.
    labels : SiteLabels
        All labels there are.
    talk : sequence of str
        Customer turns of calls and chats without a label, to see that neutral talk stays neutral.
    seed : int
        Of folds, rehearsed turns and bootstrap.

    Raises
    ------
    ConfigError
        If there are too few labels.
    """
    require_enough(labels)
    first, last = split_by_time(labels.units)
    learnt, held_out = labels.of(first), labels.of(last)
    units, n_copies = _new_to(base, held_out, learnt)
    n_held_out = _by_label(units)
    _require(n_held_out, MIN_OF_CLASS // 3, "held-out contacts that are no copies")
    _require(_by_label(learnt.units), MIN_OF_CLASS // 3, "contacts to learn from")
    adapted = adapt(base, learnt.labelled(), draw_turns("neutral", N_NEUTRAL, seed=seed), seed=seed)
    truth = units["label"].to_numpy(dtype=np.int64)
    before, after = (measure(unit_scores(model, units, held_out.turns), truth) for model in (base, adapted.model))
    gain, low, high = difference(before.scores, after.scores, truth, seed=seed)
    shares = [neutral_share(model, talk) for model in (base, adapted.model)]
    return Lesson(
        adapted, _by_label(learnt.units), n_held_out, n_copies, before, after, gain, low, high, shares[0], shares[1]
    )


def split_by_time(units: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    """Return the contacts to learn from, the newest `MAX_LEARNT` of them, and the last 30 %, which are held out.

    Contacts without a time count as the oldest. No contact is in both.
    """
    contacts = units.drop_duplicates("contact_id").sort_values(["started_at", "contact_id"], na_position="first")
    n_held_out = round(HELD_OUT_SHARE * len(contacts))
    ids = contacts["contact_id"]
    return ids.iloc[: len(ids) - n_held_out].iloc[-MAX_LEARNT:], ids.iloc[len(ids) - n_held_out :]


def require_enough(labels: SiteLabels) -> None:
    """Say how many labels there are and how many are needed, if they are too few.

    Raises
    ------
    ConfigError
        If so.
    """
    units = labels.units
    found = _by_label(units)
    if len(units) >= MIN_LABELLED and min(found["negative"], found["positive"]) >= MIN_OF_CLASS:
        return
    scale = f"; ratings of {', '.join(labels.unknown_scale)} are on no scale we know" if labels.unknown_scale else ""
    raise ConfigError(
        f"train sentiment --site: expected at least {MIN_LABELLED} labelled contacts or turns with {MIN_OF_CLASS}"
        f" negative and {MIN_OF_CLASS} positive, got {len(units)} ({_said(found)}){scale}. Labels are ratings of 1, 2"
        " or 5 of five (docs/train.md), and corrections made in the dashboard"
    )


def site_name(base: str, model: LinearModel) -> str:
    """Return the folder name of a site's model: the same for the same base and the same weights."""
    digest = hashlib.sha256(base.encode())
    for weights in (model.idf, model.coefficients, model.intercepts):
        digest.update(weights.tobytes())
    return f"site-{digest.hexdigest()[:16]}"


def _new_to(base: LinearModel, held_out: SiteLabels, learnt: SiteLabels) -> tuple[pd.DataFrame, int]:
    """Return the held-out units that have no near copy among the learnt ones, and how many others there were."""
    joined = _joined(held_out)
    copies = joined.index[near_copies(joined.tolist(), _joined(learnt).tolist(), base.idf)]
    keys = pd.MultiIndex.from_frame(held_out.units[["contact_id", "turn"]])
    is_copy = keys.isin(copies)
    return held_out.units[~is_copy].reset_index(drop=True), int(is_copy.sum())


def _joined(labels: SiteLabels) -> pd.Series[str]:
    ordered = labels.turns.sort_values(["contact_id", "unit_turn", "turn"])
    return ordered.groupby(["contact_id", "unit_turn"], sort=True)["text"].agg("。".join)


def _by_label(units: pd.DataFrame) -> dict[str, int]:
    return {label: int((units["label"] == number).sum()) for number, label in enumerate(LABELS)}


def _require(found: dict[str, int], n: int, what: str) -> None:
    if min(found["negative"], found["positive"]) < n:
        raise ConfigError(
            f"train sentiment --site: expected at least {n} negative and {n} positive among {what}, got"
            f" {_said(found)}. All labels of one kind are older or newer than the rest: wait for more"
        )


def _said(found: dict[str, int]) -> str:
    return ", ".join(f"{label} {n}" for label, n in found.items())
