"""What customers said, masked: of what moved most in the week."""

from __future__ import annotations

from typing import Any

from analytics.names import MOOD_NAMES
from dashboards.access.looked import looked
from dashboards.context import Context
from dashboards.data import contacts
from dashboards.data.overview import Facts
from dashboards.language import say
from dashboards.records import records

N_MATTERS, N_SENTENCES = 5, 3
_LONGEST = 140


def quotes(context: Context, facts: Facts) -> list[dict[str, Any]]:
    """Return sentences of the topics that grew for sure, then of those that made most customers unhappy."""
    named = facts.named[facts.named["n"] > 0]
    grew = named[(named["verdict"] == "significant") & (named["change"] > 0)].sort_values("change", ascending=False)
    unhappy = named.sort_values(["n_negative", "topic_id"], ascending=[False, True])
    chosen = {row.topic_id: row for row in (*records(grew), *records(unhappy))}
    found = []
    for row in list(chosen.values())[:N_MATTERS]:
        selection = context.selection.narrowed(topic=row.topic_id)
        said = contacts.examples(context.source, selection, n=N_SENTENCES, about=list(row.words))
        looked("export", f"weekly report {selection.encoded}", said["contact_id"])
        found.append({"label": row.label, "sentences": [_sentence(one) for one in records(said)]})
    return found


def _sentence(row: Any) -> dict[str, str]:
    text = row.text if len(row.text) <= _LONGEST else f"{row.text[:_LONGEST]}…"
    mood = row.sentiment_label or "neutral"
    return {"text": text, "mood": mood, "mood_name": say(MOOD_NAMES.get(mood, ""))}
