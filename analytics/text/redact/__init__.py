"""Mask personal data before anything is stored: who somebody is, where they live and how they are reached.

`redact` masks one text, `redact_turns` the texts of one contact, in which the same value has the same token.
A rule is a pattern over a folded copy of the text (`folding`), so that full width and 一三八零零 are seen, while tokens
are set in the text as written. `suspects` decides quickly that most texts have nothing to mask.
"""

from analytics.text.redact.masking import redact, redact_turns
from analytics.text.redact.suspects import is_suspect
from analytics.text.redact.tokens import KINDS, MASK_PATTERN, MASKS

__all__ = ["KINDS", "MASKS", "MASK_PATTERN", "is_suspect", "redact", "redact_turns"]
