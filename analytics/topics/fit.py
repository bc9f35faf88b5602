"""Find topics in texts: embed, cluster, let BERTopic weigh the words, name; where topics are known, go on from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.errors import EmptyInputError
from analytics.topics.clustering import SphericalClusters, centroids_of
from analytics.topics.describe import Place, describe_topics
from analytics.topics.embedders import Embedder
from analytics.topics.model import TopicModel, topic_frame
from analytics.topics.recipe import Recipe
from analytics.topics.refit import Wishes, refit_topics
from analytics.topics.registry import carry_over
from analytics.topics.sample import MIN_TEXTS, Sample, distinct, told_apart

TOPICS_BY_ROOT = 1.6
"""At most the root of the number of texts over this: 4 topics for 60 texts, 13 for 500, 24 from 1,500 on."""
OTHER_SHARE = 0.15
"""Share of the fitted texts that is left without a topic: those least like their nearest one. The threshold stays
fixed after the fit, so a share that grows later says that people have begun to talk of something else."""

SURE_COSINE = 0.4
"""A text as near as this to a topic belongs to it, even where nearly all others are nearer. On real text the share
above asks for less: .22 on headlines, .28 on shop reviews, .34 on simulated contacts."""


def fit_topics(
    texts: Sequence[str],
    recipe: Recipe,
    *,
    previous: TopicModel | None = None,
    seeds: Sequence[Sequence[str]] = (),
    wishes: Wishes | None = None,
    fresh: bool = False,
) -> TopicModel:
    """Find topics in texts.

    Without topics before, the embedder is learnt from the texts, the taxonomy tells it which words are about a matter,
    and gives the clusters places to start from. With a model before, its topics go on (`refit_topics`).

    Parameters
    ----------
    texts : sequence of str
        Documents as `contact_documents` makes them, some 60 to 20,000; empty and repeated ones are left out.
    recipe : Recipe
        How many topics, which seed, embedder and taxonomy.
    previous : TopicModel, optional
        The model in use.
    seeds : sequence of sequence of str
        Texts of new matters: each group becomes a topic of its own. Only with `previous`.
    wishes : Wishes, optional
        What people decided, and how many topics there may be. Only with `previous`.
    fresh : bool
        Cluster from nothing although there is a model; topics that hold the same texts get their id and label again.

    Returns
    -------
    TopicModel
        Without topics, and with a `note` that says why, if there are fewer than 30 different texts; `previous`
        unchanged in that case, if there is one.

    Notes
    -----
    Importing BERTopic takes 8 to 15 s, once a process; the fit of 20,000 texts takes about half a minute on one core.
    """
    known = previous if previous is not None and len(previous.topics) else None
    different = distinct([*texts, *(text for group in seeds for text in group)])
    if len(different) < MIN_TEXTS:
        return previous or TopicModel.empty(f"{len(different)} different texts; topics need {MIN_TEXTS}")
    try:
        if known is not None and not fresh:
            return refit_topics(known, different, recipe, seeds, wishes or Wishes())
        embedder = recipe.embedder_fit(different, recipe.seed, recipe.taxonomy.touchpoints_of(different))
    except EmptyInputError as error:
        return previous or TopicModel.empty(str(error))
    sample = Sample.of(different, embedder, recipe.tokenize, recipe.taxonomy)
    model = _first(sample, embedder, recipe)
    return carry_over(known, model, sample.texts) if known is not None else model


def _first(sample: Sample, embedder: Embedder, recipe: Recipe) -> TopicModel:
    """Cluster from the places of the touchpoints, set the threshold, and describe what was found."""
    n_topics = max(2, min(recipe.n_topics, int(len(sample.texts) ** 0.5 / TOPICS_BY_ROOT)))
    places = embedder.for_clusters(sample.vectors, n_topics)
    clusters = SphericalClusters(
        n_topics,
        seed=recipe.seed,
        start=sample.touchpoint_places(places),
        min_size=max(4, len(sample.texts) // 400),
    ).fit(places)
    sample, embedder = told_apart(sample, embedder, clusters.labels_)
    place = _placed(sample, clusters)
    found = describe_topics(sample, place, embedder, recipe=recipe)
    ids = [f"t{number:03d}" for number in range(1, len(found.labels) + 1)]
    siblings = [None if row is None else ids[row] for row in found.siblings]
    rows = zip(ids, found.labels, found.words, found.touchpoints, siblings, strict=True)
    return TopicModel(embedder, place.centroids, place.threshold, topic_frame([list(row) for row in rows]))


def _placed(sample: Sample, clusters: SphericalClusters) -> Place:
    """Return centroids among the vectors as a worker sees them, largest topic first."""
    centroids = centroids_of(sample.vectors, clusters.labels_, len(clusters.centroids_))
    cosines = sample.vectors @ centroids.T
    labels = cosines.argmax(axis=1).astype(np.int64)
    return Place(centroids, labels, min(float(np.quantile(cosines.max(axis=1), OTHER_SHARE)), SURE_COSINE))
