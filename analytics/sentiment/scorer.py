"""What a sentiment model must do, and which ones there are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from analytics.errors import ConfigError
from analytics.sentiment.installed import installed_model
from analytics.sentiment.linear import load_linear
from analytics.sentiment.snownlp_scorer import SnowScorer
from analytics.sentiment.train import SEED

SCORERS = ("linear", "snownlp")


class Scorer(Protocol):
    """Gives each text the probabilities of the three moods."""

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return shape (n, 3): negative, neutral, positive. Rows add up to 1 and do not depend on each other."""
        ...


def make_scorer(name: Literal["linear", "snownlp"], models_dir: Path, *, seed: int = SEED) -> Scorer:
    """Return a scorer by the name it has in the settings.

    Parameters
    ----------
    name : {"linear", "snownlp"}
        The model.
    models_dir : Path
        Where `linear` is kept; it is trained there first if need be, and is the site's own where one was installed.
        On a cluster train on the driver (`installed_model`) and call `load_linear` with its path in the workers.
    seed : int
        Of the training.

    Raises
    ------
    ConfigError
        If the name is unknown.
    ModelUnavailableError
        If the package or texts that the model needs are missing.
    """
    if name == "linear":
        return load_linear(installed_model(models_dir, seed=seed))
    if name == "snownlp":
        return SnowScorer()
    raise ConfigError(f"sentiment.scorer: expected one of {', '.join(SCORERS)}, got {name!r}")
