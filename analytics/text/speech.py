"""What a speaker says while thinking, as speech recognition writes it down: 嗯那个, 呃, 就是说."""

from __future__ import annotations

import re

_BOUND = r"[\s,，.。、;；…!！?？~～]"
_SOUND = r"(?:[嗯呃唔]+|额+(?=[\s,，.。、…]|那个|这个|就是|我|你)|唉|欸|诶)"
_PHRASE = r"(?:那个|这个|就是说|就是|然后|怎么说呢|那什么)"
# A sound at the beginning of a clause; 那个 said twice, or after a sound and before a pause: 那个手机 stays.
_FILLER = re.compile(
    rf"(?:(?<=^)|(?<={_BOUND}))(?:{_SOUND}{_BOUND}*)+(?:(?:{_PHRASE})(?:{_BOUND}+|$))?"
    rf"|({_PHRASE})(?:{_BOUND}*\1)+{_BOUND}*"
    rf"|(?:(?<=^)|(?<={_BOUND}))(?:那个|就是说|怎么说呢|那什么){_BOUND}+"
    r"|(?<=[\u4e00-\u9fff])呃+(?=[\u4e00-\u9fff])"
)
_MAY_HOLD = re.compile(r"[嗯呃唔额唉欸诶]|那个|就是|这个|然后|怎么说呢|那什么")


def drop_fillers(text: str) -> str:
    """Return the text without the sounds and phrases that fill a pause; the text itself where nothing else is in it.

    Parameters
    ----------
    text : str
        One turn, normalised. For counting words: a turn that is shown keeps all that was said.

    Returns
    -------
    str
        嗯 alone is an answer and stays; so does 那个 before a noun.

    Examples
    --------
    >>> drop_fillers("嗯那个，我想问一下那个那个退款"), drop_fillers("嗯嗯"), drop_fillers("那个手机坏了")
    ('我想问一下退款', '嗯嗯', '那个手机坏了')
    """
    if not _MAY_HOLD.search(text):
        return text
    kept = _FILLER.sub("", text)
    return kept if any(char.isalnum() for char in kept) else text
