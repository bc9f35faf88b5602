"""Who is speaking: contacts to persons by the identifiers they share, with a guard against shared ones.

`rules` says how much each kind of identifier is worth, `decisions` what people decided by hand, `components` joins what
is linked, `reference` does the whole on one machine; `jobs.identity` does the same in Spark.
"""

from __future__ import annotations

from analytics.identity.decisions import Decision, Decisions, contact_person_id
from analytics.identity.rules import KIND_ORDER, Limits, confidence, reason

__all__ = [
    "KIND_ORDER",
    "Decision",
    "Decisions",
    "Limits",
    "confidence",
    "contact_person_id",
    "reason",
]
