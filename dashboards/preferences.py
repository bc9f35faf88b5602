"""How somebody wants the pages: their language, and light or dark; kept in cookies, read for each request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import flask

Language = Literal["zh-CN", "en"]
LANGUAGE_COOKIE = "kesheng-language"
SCHEME_COOKIE = "kesheng-scheme"


@dataclass(frozen=True)
class Preferences:
    """What a page is drawn for.

    Attributes
    ----------
    language : 'zh-CN' or 'en'
    dark : bool
        Light ink on dark paper.
    """

    language: Language = "zh-CN"
    dark: bool = False


_GIVEN: ContextVar[Preferences | None] = ContextVar("preferences", default=None)


def current() -> Preferences:
    """Return what holds here: given by `preferred`, else of the request's cookies, else Chinese and light.

    Examples
    --------
    >>> current()
    Preferences(language='zh-CN', dark=False)
    """
    given = _GIVEN.get()
    if given is not None:
        return given
    if not flask.has_request_context():
        return Preferences()
    cookies = flask.request.cookies
    return Preferences(
        language="en" if cookies.get(LANGUAGE_COOKIE) == "en" else "zh-CN", dark=cookies.get(SCHEME_COOKIE) == "dark"
    )


@contextmanager
def preferred(preferences: Preferences) -> Iterator[None]:
    """Draw what is drawn inside for these preferences: for reports, messages and tests.

    Examples
    --------
    >>> with preferred(Preferences(language="en")):
    ...     current().language
    'en'
    """
    token = _GIVEN.set(preferences)
    try:
        yield
    finally:
        _GIVEN.reset(token)
