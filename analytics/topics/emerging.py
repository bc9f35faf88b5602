"""New matters: what customers came for today that nobody came for before, and that no topic holds."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analytics.errors import SchemaError
from analytics.text.char_ngrams import CharNgrams
from analytics.topics.surge import MIN_LIFT, Bools, DayCounts, Ints, needed, rising, said_together

MIN_HISTORY_DAYS = 7
"""With fewer days before it nothing is said: what comes on Saturdays only would be new on the first one."""
ALARMS_A_DAY = 0.02
"""Probability that an ordinary day brings a new matter by chance: one in seven weeks."""
MIN_CONTACTS = 8
MAX_HELD = 0.4
"""Share of a matter's contacts that one topic may hold. Where one holds more, what grows is that topic. In the
simulated centre 8 to 25 % of the contacts of a new matter went into its nearest topic on the first day, more than 60 %
of those of an outage into the topic it belongs to."""
MAX_HELD_YOUNG = 0.15
"""The same for a topic that emerged in the days before: it is small, and chance puts little into it."""
_P_CORE, _P_AROUND = 1e-3, 1e-2
"""Tails at which an n-gram counts as rising: in the half that finds a matter, and in all texts once it is certain. The
first is no error rate, the other half of the texts sees to that."""
_TELLING_LIFT = 8.0
_N_SPLITS = 3
"""Ways in which texts are halved: a matter of 30 contacts in many words is missed in one of four."""
_ALIKE = 0.5
_MAX_WORDINGS_READ = 400
_MAX_PHRASE = 10
_GROWS_SHARE = 0.7
_MAX_PHRASES = 5
_MAX_GRAMS = 60_000
_MAX_RISING = 1_500
_NO_WORD = re.compile(r"[\W_\d]+")


@dataclass(frozen=True, kw_only=True)
class EmergingMatter:
    """A matter that began today.

    Attributes
    ----------
    contact_ids : tuple of str
        Contacts of today that say it, those with most of its phrases first.
    texts : tuple of str
        Their texts, in the same order.
    n_texts : int
        Different texts among these: the count that was tested.
    expected : float
        Texts that today would have, had it been said as often as before.
    p_value : float
        That an ordinary day brings as many, corrected for all that was tested today.
    phrases : tuple of str
        What they say, most telling first.
    """

    contact_ids: tuple[str, ...]
    texts: tuple[str, ...]
    n_texts: int
    expected: float
    p_value: float
    phrases: tuple[str, ...]


def emerging_matters(
    documents: pd.DataFrame, today: dt.date, *, min_contacts: int = MIN_CONTACTS, young: Collection[str] = ()
) -> list[EmergingMatter]:
    """Return the matters that customers came for on `today` far more often than before, and that no topic holds.

    A matter is n-grams that rise and are said together. They are found in one half of the texts and tested in the
    other, which has not been looked at, and the other way round: so chance is not counted as evidence for what chance
    has picked [1]_. The test is a negative binomial one against the matter's own days before, at the volume of
    today, all groups tested corrected by Bonferroni: `ALARMS_A_DAY` bounds the false alarms on a steady centre.

    All contacts are counted, with a topic or without: a matter that begins is put in part into whatever topics lie
    near, a quarter of it to two thirds have none. Those that one topic holds (`MAX_HELD`) are left to that topic.

    Parameters
    ----------
    documents : DataFrame
        day (date), contact_id, text (as `contact_documents` makes them), topic_id (None = no topic); person_id if
        known. All contacts of today, all or a random part of those of the days before; other days are not looked at.
    today : date
        The day that is watched.
    min_contacts : int
        Different texts, and persons, that a matter needs. Texts that differ in few words are one wording; half as many
        wordings are needed, and none may have half of the texts: one text sent by many, or with other numbers in it,
        is no matter.
    young : collection of str
        Topics that emerged in the days before. What one of them holds in part (`MAX_HELD_YOUNG`) is the same matter in
        other words, and no second one.

    Returns
    -------
    list of EmergingMatter
        Largest first. Empty with fewer than 7 days before today.

    Raises
    ------
    SchemaError
        If a column is missing.

    References
    ----------
    .. [1] D. R. Cox, "A note on data-splitting for the evaluation of significance levels", Biometrika 62, 1975.
    """
    missing = [name for name in ("day", "contact_id", "text", "topic_id") if name not in documents.columns]
    if missing:
        raise SchemaError(f"emerging_matters: documents lack {', '.join(missing)}")
    known = documents[documents["day"] <= today]
    if known.loc[known["day"] < today, "day"].nunique() < MIN_HISTORY_DAYS or not (known["day"] == today).any():
        return []
    pool = _Pool.of(known, today)
    cores = [core for finds in pool.halves() for core in _cores(pool, finds)]
    if not cores:
        return []
    groups = _matters_of(pool, cores)
    found = [_matter(pool, grams, p_value, (min_contacts, frozenset(young))) for grams, p_value in groups]
    return sorted((matter for matter in found if matter), key=lambda matter: (-matter.n_texts, matter.contact_ids))


@dataclass(frozen=True)
class _Pool:
    """Different texts a day: what was said, when, and by which n-grams. All are sequences of one length but `names`."""

    texts: list[str]
    day: Ints
    hashes: Ints
    present: csr_matrix
    names: Sequence[str]
    today: pd.DataFrame

    @classmethod
    def of(cls, documents: pd.DataFrame, today: dt.date) -> _Pool:
        said = documents.assign(said=[_NO_WORD.sub(" ", str(text).lower()).strip() for text in documents["text"]])
        said = said[said["said"] != ""].sort_values(["day", "contact_id"], kind="stable")
        once = said.drop_duplicates(["day", "said"])
        place = {day: number for number, day in enumerate(sorted(once["day"].unique()))}
        day = once["day"].map(place).to_numpy(dtype=np.int64)
        texts = once["said"].tolist()
        current = [text for text, number in zip(texts, day, strict=True) if number == len(place) - 1]
        learnt = CharNgrams.learn(current, min_texts=3, max_texts=len(current), max_terms=_MAX_GRAMS)
        grams = CharNgrams(tuple(term for term in learnt.terms if len(term) > 1 and " " not in term))
        present = grams.count(texts)
        present.data[:] = 1.0
        hashes = np.array([zlib.crc32(text.encode()) for text in texts], dtype=np.int64)
        return cls(texts, day, hashes, present, grams.terms, said[said["day"] == today])

    @property
    def is_today(self) -> Bools:
        return np.asarray(self.day == self.day.max())

    def halves(self) -> Iterator[Bools]:
        """Yield halves of the texts, each with the other one after it."""
        for bit in range(_N_SPLITS):
            odd = (self.hashes >> bit & 1).astype(np.bool_)
            yield from (odd, ~odd)

    @property
    def everything(self) -> Bools:
        return np.ones(len(self.day), np.bool_)

    def counts(self, rows: Bools) -> DayCounts:
        return DayCounts.of(self.present, self.day, rows)

    def counts_of(self, grams: Ints, rows: Bools) -> DayCounts:
        """Count the texts that have one of the n-grams as one key."""
        return DayCounts.of(csr_matrix(self.having(grams)[:, None].astype(np.float64)), self.day, rows)

    def having(self, grams: Ints) -> Bools:
        """Return which texts have one of the n-grams."""
        return np.asarray(self.present[:, grams].sum(axis=1)).ravel() > 0


def _cores(pool: _Pool, finds: Bools) -> Iterator[tuple[Ints, float]]:
    """Yield the groups of n-grams that one half finds and the other confirms, with the corrected tail."""
    keys = rising(pool.counts(finds), p_value=_P_CORE)[:_MAX_RISING]
    groups = said_together(pool.present[finds & pool.is_today], keys)
    usual = pool.counts(~finds).dispersion() if groups else 0.0
    for group in groups:
        grams = needed(pool.present[finds & pool.is_today], group)
        days = pool.counts_of(grams, ~finds)
        p_value = min(2 * _N_SPLITS * len(groups) * float(days.p_values(usual)[0]), 1.0)
        if p_value <= ALARMS_A_DAY and days.observed[0] >= MIN_LIFT * days.expected()[0]:
            yield grams, p_value


def _matters_of(pool: _Pool, cores: Sequence[tuple[Ints, float]]) -> list[tuple[Ints, float]]:
    """Return the n-grams of each matter, with its smallest tail: two cores in one group of n-grams are one matter.

    The groups are those of all texts, of n-grams that rise so much that nearly every text with one belongs; the cores'
    own for what rises less.
    """
    today = pool.present[pool.is_today]
    around = rising(pool.counts(pool.everything), p_value=_P_AROUND, min_lift=_TELLING_LIFT)[:_MAX_RISING]
    groups = said_together(today, around)
    left = [core for core, _ in cores if not len(np.intersect1d(around, core))]
    groups += said_together(today, np.unique(np.concatenate(left))) if left else []
    best: dict[int, float] = {}
    for core, p_value in cores:
        place = int(np.argmax([len(np.intersect1d(grams, core)) for grams in groups]))
        best[place] = min(p_value, best.get(place, 1.0))
    return [(groups[place], p_value) for place, p_value in sorted(best.items())]


def _matter(pool: _Pool, grams: Ints, p_value: float, asked: tuple[int, frozenset[str]]) -> EmergingMatter | None:
    """Return the matter of these n-grams, None where it is small, one text many times, or a topic's own."""
    min_contacts, young = asked
    grams = needed(pool.present[pool.is_today], grams)
    days = pool.counts_of(grams, pool.everything)
    observed, expected = int(days.observed[0]), float(days.expected()[0])
    places = np.flatnonzero(pool.having(grams) & pool.is_today)
    weight = dict(
        zip((pool.texts[place] for place in places), pool.present[places][:, grams].sum(axis=1).A1, strict=True)
    )
    contacts = pool.today[pool.today["said"].isin(weight)]
    contacts = contacts.assign(weight=contacts["said"].map(weight))
    contacts = contacts.sort_values(["weight", "contact_id"], ascending=[False, True], kind="stable")
    n_persons = contacts["person_id"].fillna(contacts["contact_id"]).nunique() if "person_id" in contacts else observed
    is_small = min(observed, n_persons) < min_contacts or observed < MIN_LIFT * expected
    if is_small or _is_held(contacts["topic_id"], young) or _is_one_text(list(weight), min_contacts):
        return None
    return EmergingMatter(
        contact_ids=tuple(contacts["contact_id"]),
        texts=tuple(contacts["text"]),
        n_texts=observed,
        expected=expected,
        p_value=p_value,
        phrases=_phrases(list(weight), [pool.names[gram] for gram in grams]),
    )


def _is_held(topics: pd.Series, young: frozenset[str]) -> bool:
    """Say whether one topic holds so many of these contacts that they are its own."""
    shares = topics.value_counts() / len(topics)
    return any(share > (MAX_HELD_YOUNG if topic in young else MAX_HELD) for topic, share in shares.items())


def _is_one_text(texts: Sequence[str], min_contacts: int) -> bool:
    """Say whether the texts are few wordings: those that share half of their n-grams are one."""
    leaders: list[set[str]] = []
    sizes: list[int] = []
    read = texts[:_MAX_WORDINGS_READ]
    for text in read:
        own = {text[at : at + 2] for at in range(len(text) - 1)}
        likes = (place for place, other in enumerate(leaders) if len(own & other) >= _ALIKE * len(own | other))
        place = next(likes, None)
        if place is None:
            leaders.append(own)
            sizes.append(1)
        else:
            sizes[place] += 1
    return len(leaders) < max(min_contacts / 2, 2) or max(sizes) >= 0.5 * len(read)


def _phrases(texts: Sequence[str], grams: Sequence[str]) -> tuple[str, ...]:
    """Return what the n-grams are parts of, those in most texts first: 以旧 grows to 以旧换新."""
    found: list[tuple[int, str]] = []
    for gram in grams:
        having = [text for text in texts if gram in text]
        phrase = _grown(gram, having) if len(having) > 1 else ""
        if phrase and not any(phrase in other or other in phrase for _, other in found):
            found.append((sum(phrase in text for text in texts), phrase))
    ordered = sorted(found, key=lambda item: (-item[0], -len(item[1]), item[1]))
    return tuple(phrase for _, phrase in ordered[:_MAX_PHRASES])


def _grown(phrase: str, texts: Sequence[str]) -> str:
    """Lengthen a phrase by the character that most of the texts with it have beside it."""
    while len(phrase) < _MAX_PHRASE:
        pattern = re.compile(f"(.?){re.escape(phrase)}(.?)")
        beside = [match.groups() for text in texts if (match := pattern.search(text))]
        sides = [Counter(char for char in side if char.strip()).most_common(1) for side in zip(*beside, strict=True)]
        left, right = (side[0] if side else ("", 0) for side in sides)
        if max(left[1], right[1]) < _GROWS_SHARE * len(texts):
            break
        phrase = left[0] + phrase if left[1] >= right[1] else phrase + right[0]
        texts = [text for text in texts if phrase in text]
    return phrase
