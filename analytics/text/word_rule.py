"""The thresholds of new words, each with its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WordRule:
    """When adjacent units are a new word.

    Attributes
    ----------
    min_contacts : int
        Contacts that say it on the day.
    max_parts : int
        Longest word, in units.
    min_cohesion_bits : float
        Pointwise mutual information of its weakest joint. 3 bits: eight times what chance would give.
    min_freedom_bits : float
        The smaller branching entropy of its sides. 1 bit: at least two equally common neighbours.
    min_neighbours : int
        Different words beside it, on both sides together: what is only ever a clause by itself is a sentence.
    min_own_share : float
        At every joint one side rises by itself: of the contacts with which that side rises above its usual count, at
        least this share stands in the word.
    noise_sds : float
        What a side rises outside the word counts from this many standard deviations up.
    min_rise : float
        A new word has at least this many times its usual count plus a half. A phrase that was said every day before
        is no new word, however much more it is said now.
    max_chance : float
        Expected number of candidates a day that chance alone brings (Bonferroni over all that was tested).
    nested_share : float
        Of a candidate and a longer one around it the longer stays if it has this share of its contacts, or half of
        them and of those that say the rest of it; else the shorter stays. A word with a stop word in it needs this
        share of the contacts that say the rest of it.
    first_contacts, first_bound_share : int, float
        On a day with nothing before it nothing can rise. Then a word has at least so many contacts, one side of
        every joint stands in it in this share of its contacts, and a piece of it is no word of the dictionary.
    """

    min_contacts: int = 8
    max_parts: int = 10
    min_cohesion_bits: float = 3.0
    min_freedom_bits: float = 1.0
    min_neighbours: int = 2
    min_own_share: float = 0.5
    noise_sds: float = 1.0
    min_rise: float = 8.0
    max_chance: float = 0.05
    nested_share: float = 0.8
    first_contacts: int = 15
    first_bound_share: float = 0.8
