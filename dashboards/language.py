"""What the screen says, in the reader's language.

Texts stand in the code in Chinese, inside `say`, or inside `msg` where they are kept in a constant and said later. The
English of each stands in `locale/en/*.po` (gettext's format, one file an area; Poedit and the like open it). A test
finds Chinese that is in neither, and texts without English.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from dashboards import preferences

LOCALE = Path(__file__).parent / "locale"


def msg(text: str) -> str:
    """Return the text itself: marks it for translation where it is not yet known who will read it."""
    return text


def say(text: str, /, **values: object) -> str:
    """Return the text in the reader's language, with values put in by name as `str.format` does.

    Examples
    --------
    >>> say("共 {n:,} 条", n=1200)
    '共 1,200 条'
    """
    found = text if preferences.current().language == "zh-CN" else catalogue("en").get(text, text)
    return found.format(**values) if values else found


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return text → translation of a language, from all its files."""
    found: dict[str, str] = {}
    for file in sorted((LOCALE / language).glob("*.po")):
        with file.open("rb") as handle:
            found |= {str(m.id): str(m.string) for m in read_po(handle, locale=language) if m.id and m.string}
    return found
