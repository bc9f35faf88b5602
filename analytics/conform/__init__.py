"""From records as received to contacts and utterances of one schema.

`conform_rows` takes a table (a row is a contact, or a message of one), `conform_contacts` transcripts (a record is a
contact with its turns); both give `Conformed`: the lake's tables contact, utterance and rejected.
"""

from __future__ import annotations

from analytics.conform.columns import guess_columns, resolve_columns
from analytics.conform.outcome import REASONS, Conformed, Refused
from analytics.conform.rows import conform_rows
from analytics.conform.spec import ROLES, SourceSpec
from analytics.conform.times import parse_times
from analytics.conform.transcripts import conform_contacts

__all__ = [
    "REASONS",
    "ROLES",
    "Conformed",
    "Refused",
    "SourceSpec",
    "conform_contacts",
    "conform_rows",
    "guess_columns",
    "parse_times",
    "resolve_columns",
]
