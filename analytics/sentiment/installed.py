"""Which model is in use: the one that is shipped, or the one that learnt from this site.

`models/sentiment/current` is a small JSON file that names it; without the file the shipped model is in use. A site's
model is a correction of one shipped model. When that one changes (a new release), the correction fits no more: the
shipped model is used until the site is learnt anew, and a warning says so.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from analytics.errors import ConfigError
from analytics.sentiment.linear import DESCRIPTION, WEIGHTS
from analytics.sentiment.train import SEED, ensure_model

CURRENT = "current"
SITE_PREFIX = "site-"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class InUse:
    """What `current` says.

    Attributes
    ----------
    kind : {"shipped", "site"}
        Which of the two.
    site : str
        Folder name of the site's model; kept while the shipped one is in use, so that one can go back. Empty if none.
    base : str
        Folder name of the shipped model that the site's model corrects.
    """

    kind: Literal["shipped", "site"] = "shipped"
    site: str = ""
    base: str = ""


def installed_model(models_dir: Path, *, seed: int = SEED) -> Path:
    """Return the folder of the model in use, for `linear.load_linear`; trains the shipped one if it is not there.

    Parameters
    ----------
    models_dir : Path
        Folder of trained models.
    seed : int
        Of the shipped model's training.

    Raises
    ------
    ModelUnavailableError
        As `train.ensure_model`.
    ConfigError
        If `current` cannot be read.
    """
    shipped = ensure_model(models_dir, seed=seed)
    said = in_use(models_dir)
    if said.kind == "shipped":
        return shipped
    folder = shipped.parent / said.site
    if said.base != shipped.name or not is_model(folder):
        why = "was learnt on another version of the shipped model" if is_model(folder) else "is not there"
        _LOG.warning(
            "sentiment: the model of this site, %s, %s; the shipped model is used. Run kesheng train sentiment --site",
            said.site,
            why,
        )
        return shipped
    return folder


def in_use(models_dir: Path) -> InUse:
    """Return what `current` says; the shipped model where there is no such file.

    Raises
    ------
    ConfigError
        If the file is not what `point_at` writes.
    """
    path = models_dir / "sentiment" / CURRENT
    try:
        found = InUse(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return InUse()
    except (ValueError, TypeError) as error:
        raise _unreadable(path) from error
    plain = Path(found.site).name == found.site
    if found.kind not in ("shipped", "site") or not plain or (found.kind == "site" and not found.site):
        raise _unreadable(path)
    return found


def point_at(models_dir: Path, wanted: InUse) -> None:
    """Make a model the one in use; the file is replaced in one step, so that a reader sees the old or the new."""
    folder = models_dir / "sentiment"
    folder.mkdir(parents=True, exist_ok=True)
    handle, private = tempfile.mkstemp(prefix=f".{CURRENT}-", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(wanted), file, indent=1, sort_keys=True)
        file.write("\n")
    os.chmod(private, 0o644)
    os.replace(private, folder / CURRENT)


def is_model(folder: Path) -> bool:
    """Return whether a folder holds a whole model."""
    return (folder / DESCRIPTION).is_file() and (folder / WEIGHTS).is_file()


def _unreadable(path: Path) -> ConfigError:
    return ConfigError(
        f"sentiment: {path} does not name a model; run kesheng train sentiment --use shipped, which writes it anew"
    )
