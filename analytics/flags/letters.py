"""The letters of a text: what is left for comparing when numbers, marks, emoji, masks and links are dropped."""

from __future__ import annotations

import re

_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
MASK = re.compile(r"#E-[a-z]*\[[^\[\]\s]{1,8}\]|\[[^\[\]\s]{1,8}\]")
"""Masks of ours, as [手机], and placeholders that a source has set, as [图片]."""
NO_LETTER = re.compile(r"[\W\d_]+")


def letters_of(text: str) -> str:
    """Return the letters of a normalised text in lower case, nothing between them.

    Examples
    --------
    >>> letters_of("加V[微信] 领 99 元!🎁 https://a.cn/x"), letters_of("。。。")
    ('加v领元', '')
    """
    return NO_LETTER.sub("", MASK.sub(" ", _LINK.sub(" ", text))).lower()
