"""Model cards: what a model was learnt from, what it is for, what it is worth and where it ends.

After Mitchell et al., "Model cards for model reporting", FAT* 2019. The words stand in data/cards.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from string import Template

from analytics.sentiment import train
from analytics.sentiment.features import MAX_LENGTH, N_BUCKETS
from analytics.sentiment.linear import WEIGHTS
from analytics.sentiment.self_check import SelfCheck
from analytics.sentiment.site import MAX_LOSS, Lesson
from analytics.settings import DATA

CARD = "MODEL_CARD.md"
CARDS = DATA / "cards"


def weights_sha256(folder: Path) -> str:
    """Return the SHA-256 of a model's weights."""
    return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()


def shipped_card(folder: Path, check: SelfCheck) -> str:
    """Return the card of the shipped model, in Markdown; the same for the same model."""
    classes = "\n".join(
        f"| {label} | {check.n_texts[label]:,} | {check.n_held_out[label]:,} | {check.recall[label]:.3f} |"
        for label in check.n_texts
    )
    return _filled(
        "shipped.md",
        name=folder.name,
        sha256=weights_sha256(folder),
        max_length=MAX_LENGTH,
        n_buckets=f"{N_BUCKETS:,}",
        regularisation=f"{train.REGULARISATION:g}",
        tolerance=f"{train.TOLERANCE:g}",
        min_texts=train.MIN_TEXTS,
        seed=train.SEED,
        sharpness=f"{train.SHARPNESS:g}",
        neutral_shift=f"{train.NEUTRAL_SHIFT:g}",
        classes=classes,
        balanced_accuracy=f"{check.balanced_accuracy:.3f}",
        ece=f"{check.ece:.3f}",
    )


def site_card(folder: Path, base: str, lesson: Lesson) -> str:
    """Return the card of a site's model, in Markdown."""
    return _filled(
        "site.md",
        name=folder.name,
        sha256=weights_sha256(folder),
        base=base,
        strength=f"{lesson.adapted.strength:g}",
        table=lesson_table(lesson),
        max_loss=f"{100 * MAX_LOSS:g}",
    )


def lesson_table(lesson: Lesson) -> str:
    """Return before and after on the site's held-out contacts, in Markdown."""
    before, after = lesson.before, lesson.after
    rows = [
        ("balanced accuracy", before.balanced_accuracy, after.balanced_accuracy),
        ("AUC", before.auc, after.auc),
        ("ECE", before.ece, after.ece),
        ("neutral share of talk without a label", lesson.neutral_before, lesson.neutral_after),
    ]
    return "\n".join(
        [
            f"Learnt from {_said(lesson.n_learnt)}; measured on the later {_said(lesson.n_held_out)}",
            f"({lesson.n_copies} near copies of what was learnt from left out).",
            "",
            "| | shipped | site |",
            "|---|---|---|",
            *(f"| {name} | {old:.3f} | {new:.3f} |" for name, old, new in rows if not math.isnan(old)),
            "",
            f"Difference in balanced accuracy {100 * lesson.gain:+.1f} points,"
            f" 95 % interval {100 * lesson.low:+.1f} to {100 * lesson.high:+.1f}.",
        ]
    )


def _filled(card: str, **values: object) -> str:
    return Template((CARDS / card).read_text(encoding="utf-8")).substitute(values)


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{n:,} {label}" for label, n in counts.items())
