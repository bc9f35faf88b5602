"""What a speech recogniser makes of what was said: no punctuation, fillers, homophones."""

from __future__ import annotations

from random import Random

from analytics.simulate.grammar import KEYWORD, Noise

_SILENT = str.maketrans({mark: None for mark in "，。！？、～~：；“”…,!?【】（）[]"})
_FILLER_SHARE = 0.28
_SLIP_SHARE = 0.10
SYLLABLES_PER_SECOND = 4.6


def recognise(text: str, noise: Noise, rng: Random, *, fillers: bool = True) -> str:
    """Return the text as a recogniser writes it.

    Parameters
    ----------
    text : str
        Written form.
    noise : Noise
        Fillers and homophone slips.
    rng : random.Random
        Source of chance.
    fillers : bool, default True
        Whether the speaker hesitates; agents reading a phrase do not.

    Returns
    -------
    str
        Hardly any punctuation; a comma in a few long sentences, where the recogniser heard a pause.
    """
    rnd = rng.random
    clauses = text.split("，")
    if fillers:
        words = noise.fillers
        clauses = [
            words[int(rnd() * len(words))] + clause if len(clause) > 3 and rnd() < _FILLER_SHARE else clause
            for clause in clauses
            if clause
        ]
    joined = ("，" if len(clauses) > 2 and rnd() < 0.05 else "").join(
        clause.translate(_SILENT).replace("~", "") for clause in clauses
    )
    if rnd() < _SLIP_SHARE and KEYWORD not in joined:
        for right, wrong in noise.slips:
            if right in joined:
                return joined.replace(right, wrong[int(rnd() * len(wrong))], 1)
    return joined


def spoken_number(digits: str, rng: Random) -> str:
    """Return digits as recognised: in one run, or in groups as people read them out.

    Examples
    --------
    >>> spoken_number("13800000000", Random(3)).replace(" ", "")
    '13800000000'
    """
    if len(digits) == 11 and rng.random() < 0.3:
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return digits


def speaking_seconds(text: str) -> float:
    """Return how long it takes to say a text, seconds; conversational Mandarin has 4 to 5 syllables a second."""
    return 0.4 + len(text) / SYLLABLES_PER_SECOND
