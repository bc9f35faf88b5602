"""From a place in the normalised text to the same place in the text as written."""

from __future__ import annotations

from analytics.text.normalise import normalise_with_offsets
from analytics.text.offsets import original_span


class OriginalText:
    """A text as written, and the form of it in which something was found.

    Examples
    --------
    >>> OriginalText("我要投訴！！！！！！", "我要投诉!!!").span(2, 4)
    (2, 4)
    """

    def __init__(self, text: str, simplified: str) -> None:
        self._text = text
        self._simplified = simplified

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return the span of the text as written; all of it where the two forms do not belong together."""
        if self._text == self._simplified:
            return start, stop
        rewritten, offsets = normalise_with_offsets(self._text)
        if rewritten == self._simplified:
            return original_span(offsets, start, stop)
        # Written by an older version, or by a source that normalises differently: look for the words themselves.
        at = self._text.find(self._simplified[start:stop])
        return (at, at + stop - start) if at >= 0 else (0, len(self._text))
