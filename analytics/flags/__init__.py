"""What is told apart from customers' own voice: bursts of one text, offers, fillers, and ready-made turns."""

from __future__ import annotations

from analytics.flags.rule import FlagRule
from analytics.flags.templates import READY_MADE, template_pieces
from analytics.flags.voice import flag_contacts

__all__ = ["READY_MADE", "FlagRule", "flag_contacts", "template_pieces"]
