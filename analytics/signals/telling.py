"""Words that stand out among the contacts of an incident: what an alarm of a place is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import binom

from analytics.signals.multiplicity import benjamini_hochberg
from analytics.signals.tables import require_columns

MIN_CONTACTS = 3
_MIN_SHARE = 0.08
"""Words of fewer of the contacts are no name for what these are about."""

_SAME_CONTACTS = 0.75
"""Words whose contacts are the same to three quarters (of all that say either) tell one thing."""

_Q = 0.01
_MAX_WORDS = 6
_PRIOR_CONTACTS = 0.5


def telling_words(said: pd.DataFrame, usual: pd.DataFrame, *, n_contacts: int, n_usual: int) -> list[str]:
    """Return the words that far more of some contacts say than is usual, the surest first.

    Parameters
    ----------
    said : DataFrame[contact_id, key]
        Grain: one contact and word of it, of the contacts in question; others do not belong here.
    usual : DataFrame[key, n_contacts]
        Grain: one word: how many of the contacts of other days say it. Words that are missing were said by none.
    n_contacts, n_usual : int
        Contacts behind each, those that say none of the words among them.

    Returns
    -------
    list of str
        At most six; of words that the same contacts say, the surest.

    Notes
    -----
    One-sided binomial test of each word against its usual share (half a contact added, so that a new word is rare and
    not impossible), Benjamini-Hochberg over all words.

    Examples
    --------
    >>> said = pd.DataFrame({"contact_id": ["a", "b", "c", "a", "b", "c"], "key": ["闪退"] * 3 + ["手机"] * 3})
    >>> usual = pd.DataFrame({"key": ["闪退", "手机"], "n_contacts": [2, 300]})
    >>> telling_words(said, usual, n_contacts=5, n_usual=800)
    ['闪退']
    """
    require_columns(said, "said", ("contact_id", "key"))
    require_columns(usual, "usual", ("key", "n_contacts"))
    holders = {str(key): frozenset(rows) for key, rows in said.groupby("key", sort=True)["contact_id"]}
    least = max(MIN_CONTACTS, _MIN_SHARE * n_contacts)
    words = [word for word, contacts in holders.items() if len(contacts) >= least]
    if not words:
        return []
    before = usual.groupby("key")["n_contacts"].sum().reindex(words, fill_value=0).to_numpy(dtype=np.float64)
    share = np.minimum((before + _PRIOR_CONTACTS) / (n_usual + 2 * _PRIOR_CONTACTS), 1.0)
    observed = np.array([len(holders[word]) for word in words], dtype=np.float64)
    p = binom.sf(observed - 1, n_contacts, share)
    q = benjamini_hochberg(np.clip(p, 0.0, 1.0))
    # Of equally sure words the longest says most.
    ranked = sorted((float(p[i]), -len(words[i]), words[i]) for i in range(len(words)) if q[i] <= _Q)
    return _distinct([word for *_, word in ranked], holders)


def _distinct(words: Sequence[str], holders: Mapping[str, frozenset[str]]) -> list[str]:
    kept: list[str] = []
    for word in words:
        mine = holders[word]
        if all(len(mine & holders[other]) < _SAME_CONTACTS * len(mine | holders[other]) for other in kept):
            kept.append(word)
    return kept[:_MAX_WORDS]


def with_telling_words(incidents: pd.DataFrame, words: dict[str, list[str]]) -> pd.DataFrame:
    """Return incidents with the words of each (by spike_id) at the end of `related`, none twice.

    Examples
    --------
    >>> incidents = pd.DataFrame({"spike_id": ["a"], "key": ["app"], "related": [["灯"]]})
    >>> with_telling_words(incidents, {"a": ["闪退", "灯"]})["related"].tolist()
    [['灯', '闪退']]
    """
    told = [
        list(dict.fromkeys([*related, *(word for word in words.get(spike_id, ()) if word != key)]))
        for spike_id, key, related in zip(incidents["spike_id"], incidents["key"], incidents["related"], strict=True)
    ]
    return incidents.assign(related=pd.Series(told, index=incidents.index, dtype=object))
