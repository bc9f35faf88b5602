"""Names of new topics by a function of the site's own, such as one that asks a language model. Off by default."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module

import httpx

from analytics.errors import ConfigError

Namer = Callable[[list[str], list[str], list[str]], str | None]
"""From the words, phrases and masked sentences of a topic, best first, to its label; None leaves it to us."""

MAX_LABEL = 20
"""Characters: what a chart's legend and an alert's title hold."""
MAX_SENTENCES = 8
_FAILURES = (
    *(ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, OSError, RuntimeError),
    *(TypeError, ValueError, httpx.HTTPError),
)
"""What a function that asks a server or reads an answer fails with; a fit does not fail for a name."""
_LOG = logging.getLogger(__name__)


class NamingPlugin:
    """A site's function, called for new topics; whatever goes wrong with it, a topic gets our own label.

    Parameters
    ----------
    path : str
        ``package.module:function``, importable on the machine that fits: `settings.topics.namer`.

    Raises
    ------
    ConfigError
        If there is no such function.

    Examples
    --------
    >>> NamingPlugin("os.path:basename").label("退款", ["退款"], [], [])  # takes one argument, not three
    '退款'
    >>> NamingPlugin("os.path:no_such_name")
    Traceback (most recent call last):
    ...
    analytics.errors.ConfigError: topics.namer: expected package.module:function, got os.path:no_such_name ...
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._namer = _imported(path)
        self._warned = False

    def label(self, own: str, words: list[str], phrases: list[str], sentences: list[str]) -> str:
        """Return the function's label, or `own` if it has none, fails, or says more than a label.

        Parameters
        ----------
        own : str
            The label we found.
        words, phrases : list of str
            Of the topic, best first.
        sentences : list of str
            Typical ones, as they stand in the lake: masked. The first eight are given.
        """
        try:
            said = self._namer(list(words), list(phrases), list(sentences)[:MAX_SENTENCES])
        except _FAILURES as error:
            return self._fallen_back(own, type(error).__name__)
        if said is None:
            return own
        label = " ".join(said.split()) if isinstance(said, str) else ""
        if not 0 < len(label) <= MAX_LABEL:
            return self._fallen_back(own, f"an answer that is no label of 1 to {MAX_LABEL} characters")
        return label

    def _fallen_back(self, own: str, why: str) -> str:
        if not self._warned:  # once: a server that is down fails for every topic
            _LOG.warning("topics: the namer %s gave %s; such topics keep our own label", self._path, why)
            self._warned = True
        return own


def load_namer(path: str | None) -> NamingPlugin | None:
    """Return the plug-in that the settings name, if any."""
    return NamingPlugin(path) if path else None


def _imported(path: str) -> Namer:
    module, _, function = path.partition(":")
    try:
        namer = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"topics.namer: expected package.module:function, got {path} ({error}); "
            "mend the setting, or take it out: topics are named without it"
        ) from error
    if not callable(namer):
        raise ConfigError(f"topics.namer: expected package.module:function, got {path}, which cannot be called")
    named: Namer = namer
    return named
