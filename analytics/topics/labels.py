"""Name topics as a product manager would: by the touchpoint, by a matter of its own, or by both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.topics.candidates import Candidate, TopicTexts, candidates_of
from analytics.topics.embedders.protocol import Embedder
from analytics.topics.namelike import is_idiom

SURE_OF_TOLD, SURE_OF_ALL = 0.45, 0.25
"""Shares of a topic's texts (with a touchpoint; of all) that a touchpoint needs to be the topic's name."""
BOTH_OF_TOLD, BOTH_OF_ALL, EACH_OF_TOLD = 0.6, 0.4, 0.25
"""Shares that two touchpoints need, together and each, to name a topic by both."""
LIKELY_OF_TOLD = 1 / 3
"""Share that is enough where the best phrase says the touchpoint: 质量 and 质量瑕疵."""
NEW_SHARE, NEW_OWN = 0.55, 0.9
"""A phrase in so many of the texts, and hardly anywhere else, is a matter that the taxonomy does not have yet."""
TELLING_SHARE, TELLING_OWN = 0.3, 0.5
"""The same where no touchpoint competes."""
TERM_OWN = 0.4
"""Part of a phrase's use that must be in the topic, if it is a term of the very touchpoint it stands behind."""
MIN_SHARE = 0.05
"""Share of the texts below which a phrase is a turn of speech of a few."""
MAX_BEHIND = 4
"""Characters of a phrase behind a touchpoint."""
BETWEEN, AND = "·", "、"


@dataclass(frozen=True)
class _Basis:
    """What one topic can be called by: phrases, best first; touchpoints that are its own; a matter of its own."""

    options: Sequence[Candidate]
    touchpoints: tuple[str, ...]
    matter: str | None


def name_topics(
    topics: Sequence[TopicTexts],
    embedder: Embedder,
    stop_words: frozenset[str],
    *,
    terms: Mapping[str, frozenset[str]] | None = None,
    taken: frozenset[str] = frozenset(),
) -> list[str]:
    """Return one label a topic, all different and none of `taken`, of some 12 characters at most.

    A phrase that stands in most of a topic's texts and hardly elsewhere is its name (以旧换新). Else the touchpoint
    is that holds most of its texts, or two that share them; a touchpoint of several topics gets a phrase behind it
    (退货换货·运费), unless the phrase says the touchpoint itself (物流停滞). A topic without either is called by its
    two best phrases (到货、库存). Phrases are name-like always (`is_namelike`), never pieces of a sentence.

    Parameters
    ----------
    topics : sequence of TopicTexts
    embedder : Embedder
    stop_words : frozenset of str
    terms : mapping of str to frozenset of str, optional
        Seeds and hints of the taxonomy with the touchpoints that list them (`Taxonomy.terms`).
    taken : frozenset of str
        Labels of other topics.
    """
    owners = terms or {}
    found = candidates_of(topics, embedder, stop_words, owners.keys())
    bases = [_basis(topic, options, owners) for topic, options in zip(topics, found, strict=True)]
    n_with = Counter(basis.touchpoints for basis in bases if basis.matter is None)
    used, labels = set(taken), []
    for topic, basis in zip(topics, bases, strict=True):
        names = [*_names(basis, owners, is_shared=n_with[basis.touchpoints] > 1), *_plain_names(topic)]
        label = next(name for name in names if not any(sorted(name) == sorted(other) for other in used))
        used.add(label)
        labels.append(label)
    return labels


def _basis(topic: TopicTexts, options: Sequence[Candidate], owners: Mapping[str, frozenset[str]]) -> _Basis:
    touchpoints = _touchpoints(topic, options[0].phrase if options else "")
    share, own = (NEW_SHARE, NEW_OWN) if touchpoints else (TELLING_SHARE, TELLING_OWN)
    new = (
        option.phrase
        for option in options
        if option.share >= share
        and option.own >= own
        and len(option.phrase) > 2
        and not (touchpoints and option.phrase in owners)
    )
    return _Basis(options, touchpoints, next(new, None))


def _touchpoints(topic: TopicTexts, best_phrase: str) -> tuple[str, ...]:
    """Return the touchpoint that holds most of the topic, or two that do together, or none."""
    told = Counter(place for place in topic.touchpoints if place is not None)
    ranked = sorted(told.items(), key=lambda item: (-item[1], item[0]))[:2]
    names = tuple(name for name, _ in ranked)
    of_told = [n_texts / told.total() for _, n_texts in ranked]
    of_all = [n_texts / len(topic.touchpoints) for _, n_texts in ranked]
    if not names:
        return ()
    if of_told[0] >= SURE_OF_TOLD and of_all[0] >= SURE_OF_ALL:
        return names[:1]
    if of_told[0] >= LIKELY_OF_TOLD and _overlap(best_phrase, names[0]):
        return names[:1]
    both = min(of_told) >= EACH_OF_TOLD and sum(of_told) >= BOTH_OF_TOLD and sum(of_all) >= BOTH_OF_ALL
    return names if both and len(names) > 1 else ()


def _names(basis: _Basis, owners: Mapping[str, frozenset[str]], *, is_shared: bool) -> list[str]:
    """Return what the topic could be called, best first."""
    touchpoint = AND.join(basis.touchpoints)
    clean = [option for option in basis.options if option.share >= MIN_SHARE and not is_idiom(option.phrase)]
    phrases = [option.phrase for option in clean]
    pairs = [f"{one}{AND}{two}" for one in phrases[:1] for two in phrases[1:] if not _overlap(one, two)]
    names = [basis.matter] if basis.matter else []
    if touchpoint and not is_shared:
        names.append(touchpoint)
    if len(basis.touchpoints) == 1:
        names += [
            _behind(touchpoint, option.phrase)
            for option in clean
            if option.own >= (TERM_OWN if option.phrase in owners else TELLING_OWN)
            and len(option.phrase) <= MAX_BEHIND
            and (len(option.phrase) == MAX_BEHIND or not _overlap(option.phrase, touchpoint))
            and touchpoint in owners.get(option.phrase, (touchpoint,))
        ]
        names.append(touchpoint)
    return [*names, *pairs, *phrases]


def _behind(touchpoint: str, phrase: str) -> str:
    """Return the phrase behind the touchpoint, or alone where it says as much."""
    return phrase if len(phrase) == MAX_BEHIND and _overlap(touchpoint, phrase) else f"{touchpoint}{BETWEEN}{phrase}"


def _overlap(one: str, two: str) -> bool:
    """Tell whether two names have two characters in a row in common."""
    return any(one[start : start + 2] in two for start in range(len(one) - 1))


def _plain_names(topic: TopicTexts) -> Iterable[str]:
    """Return names that need no phrases: the commonest touchpoint, the words; numbered at last."""
    told = Counter(place for place in topic.touchpoints if place is not None)
    yield from sorted(told, key=lambda name: (-told[name], name))[:1]
    yield from (AND.join(topic.words[:n_words]) for n_words in (2, 3, 4) if len(topic.words) >= n_words)
    first = next(iter(topic.words), "话题")
    yield from (f"{first}（{number}）" for number in range(1, 1000))
