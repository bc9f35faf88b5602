"""Advertising among customers' texts: an offer, and how to reach who makes it."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from pathlib import Path

from analytics.errors import ConfigError
from analytics.settings import DATA

OFFERS = DATA / "lexicons" / "offers.txt"
_CLASSES = ("offer", "contact", "complaint")
_SURE_OFFERS = 3
"""Different offers in one text from which words of complaint in it say nothing: long advertisements hold any word."""


def is_advertising(text: str) -> bool:
    """Return whether a normalised, masked text offers something and says where to get it.

    A customer who leaves a number to be called back offers nothing, and one who complains of an advertisement says so.

    Examples
    --------
    >>> is_advertising("诚招兼职,在家就能做,日结,加微信[微信]"), is_advertising("请回电,我的手机[手机]")
    (True, False)
    >>> is_advertising("卖家让我加微信[微信]说好评返现,结果不给")
    False
    """
    lowered = text.lower()
    patterns = _patterns()
    if not patterns["contact"].search(lowered):
        return False
    n_offers = len({found.group() for found in patterns["offer"].finditer(lowered)})
    return n_offers >= _SURE_OFFERS or (n_offers > 0 and not patterns["complaint"].search(lowered))


def has_offer(text: str) -> bool:
    """Return whether a normalised text offers something, with or without a way to get it.

    Examples
    --------
    >>> has_offer("免费赚钱的地方,每天都能领"), has_offer("怎么开发票")
    (True, False)
    """
    return _patterns()["offer"].search(text.lower()) is not None


@functools.cache
def _patterns(path: Path = OFFERS) -> dict[str, re.Pattern[str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise ConfigError(f"offer words {path} do not exist; restore data/lexicons from the project") from error
    parts = defaultdict(list)
    current = ""
    for line in lines:
        if line.startswith("[") and line.rstrip("]")[1:] in _CLASSES and line.endswith("]"):
            current = line[1:-1]
        elif line.strip() and not line.startswith("#"):
            parts[current].append(line)
    if set(parts) != set(_CLASSES):
        raise ConfigError(f"offer words {path}: expected the classes {', '.join(_CLASSES)}, got {', '.join(parts)}")
    return {name: re.compile("|".join(f"(?:{part})" for part in parts[name])) for name in _CLASSES}
