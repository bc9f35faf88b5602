"""Names of models as people write them: 小米14, 米家3C, iPhone 17 Pro, Redmi Note 13 Pro+, HUAWEI Mate 60."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analytics.text.dictionary import UserWord

BRAND, SERIES = "brand", "series"
"""Tags of data/lexicons/products.txt: a Chinese name that a model follows, a Latin one that a number belongs to."""

_LETTER = r"[A-Za-z0-9]"
_ADDITION = r"(?:Pro|Max|Plus|Ultra|Mini|Air|SE|Lite|Note|Turbo|GT|FE|Fold|Flip|Edge|Neo|Youth|Series|RS)"
_END = rf"\+{{0,2}}(?!\.?{_LETTER})"
# 小米2000多 and iPad 2台 are a price and a count, no models.
_COUNTED = "多几余来个台件部天元块年月日号点次斤公米寸折万千百分毛匹升"
_COUNTED += "级代盒包条双只套位楼层小时瓶袋根颗粒张支罐箱桶卷份杯片串把%"
_NO_COUNT = rf"(?! ?[{_COUNTED}])"
_WITH_LETTERS = (
    rf"(?:[A-Za-z]{{1,4}}-?[0-9]{{1,4}}|[0-9]{{1,4}}(?:\.[0-9]+)*[A-Za-z]{{1,2}})[A-Za-z0-9]{{0,3}}(?:-{_LETTER}+)*"
)


def model_pattern(words: Iterable[UserWord]) -> str:
    """Return a pattern, without groups, of a model's whole name; it matches nothing where no word is tagged.

    Parameters
    ----------
    words : iterable of UserWord
        Those tagged `BRAND` and `SERIES` are read.

    Examples
    --------
    >>> models = re.compile(model_pattern([UserWord("小米", tag="brand"), UserWord("iPhone", tag="series")]))
    >>> models.findall("小米14换iPhone 17 Pro，小米2000多买的iPhone")
    ['小米14', 'iPhone 17 Pro']
    """
    tagged = {tag: [word.word for word in words if word.tag == tag] for tag in (BRAND, SERIES)}
    series = rf"(?<!{_LETTER})(?i:{_any_of(tagged[SERIES])})(?!(?i:{_LETTER}))"
    glued = rf"(?<!{_LETTER})(?i:{_any_of(tagged[SERIES])})"
    short, long = (rf"(?:{_WITH_LETTERS}{_END}|[0-9]{{1,{n}}}(?:\.[0-9]+)*{_END}{_NO_COUNT})" for n in (3, 4))
    addition = rf"(?i:{_ADDITION}){_END}"
    rest = rf"(?: ?{addition})*(?: 5[Gg]{_END})?"
    after_series = rf"(?: ?{addition})*(?:[ -]?{long}{rest}|(?: ?{addition}){rest})"
    of_series = rf"(?:{series} )?{glued}(?:{after_series}|(?: ?{addition})+)"
    of_brand = rf"(?:{_any_of(tagged[BRAND])}) ?(?:{of_series}|{short}{rest})"
    return rf"(?:{of_brand}|{of_series})"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) or r"(?!)"
