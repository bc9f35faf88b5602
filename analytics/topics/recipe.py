"""How topics are fitted: what does not change from one fit to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.topics.embedders import EmbedderFit, default_embedder
from analytics.topics.naming_plugin import NamingPlugin
from analytics.topics.taxonomy import Taxonomy


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to fit.

    Attributes
    ----------
    n_topics : int
        Upper bound of a first fit; like topics are merged and tiny ones dissolved.
    seed : int
        The same texts and seed give the same model, byte for byte.
    tokenize : callable
        Cuts a text into words.
    taxonomy : Taxonomy
        Tells the touchpoint of a text.
    embedder_fit : callable
        Learns the embedder; `make_embedder` gives one by name.
    namer : NamingPlugin, optional
        A site's own way to name new topics.
    """

    n_topics: int
    seed: int
    tokenize: Callable[[str], list[str]]
    taxonomy: Taxonomy
    embedder_fit: EmbedderFit = default_embedder
    namer: NamingPlugin | None = None
