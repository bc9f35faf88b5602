"""What was really said in a cell: marks of the export off, the company's answer told apart, personal data masked."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.conform.missing import none_unless, spread
from analytics.text.normalise import normalise
from analytics.text.redact import is_suspect, redact_turns

_THING = "评论|评价|内容|消息|回复|留言|帖子|点评|回答"
_GONE = "(?:已经?|已)?被?(?:作者|用户|本人|对方|管理员|系统|平台|官方)?(?:删除|撤回|屏蔽|隐藏)"
_DELETED = re.compile(rf"[（(【\[](?:该|此|本|这)?条?(?:{_THING}){_GONE}了?[)）】\]]")
"""What the exports of app review sites put before a review that was taken down later."""

_NOTHING_SAID = re.compile(
    rf"""(?:(?:该|此|本|这)条?(?:{_THING}){_GONE}了?|[\[【（(](?:已(?:被)?(?:删除|撤回)|deleted|removed)[\]】)）]
    |(?:.{{1,20}})?撤回了一条消息|(?:此|该)?用户(?:没有|未)(?:填写|写下)(?:评价|评论)(?:内容)?
    |(?:评价方未及时做出评价[,，])?系统默认好评)[。！!.]?""",
    re.VERBOSE | re.IGNORECASE,
)
"""Whole cells that a site writes where somebody said nothing, or where it was taken back."""

_WHO = "开发者|商家|客服|官方|卖家|店家|店主|店铺|掌柜|商户|品牌方?|平台|业主"
_FIRM = "开发者|商家|官方|卖家|店家|店主|掌柜|商户|品牌方"
_DATED = r"(?:[\s（(]{0,3}\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s\d{1,2}:\d{2}(?::\d{2})?)?[)）]?)?"
_ANSWER = re.compile(
    rf"""[-—–_=─━*~]{{4,}}\s{{0,5}}[【\[（(]?(?:{_WHO})(?:的)?(?:回复|答复){_DATED}[】\])）]?\s{{0,3}}[：:]
    |[【\[](?:{_WHO})(?:的)?(?:回复|答复){_DATED}[】\]]\s{{0,3}}[：:]?
    |(?:^|\n)[ \t]{{0,3}}(?:{_FIRM})(?:的)?(?:回复|答复){_DATED}\s{{0,3}}[：:]
    |(?:^|\n)[ \t]{{0,3}}(?:Developer\ Response|Response\ from\ the\ (?:owner|developer))[ \t]{{0,3}}[：:\n]""",
    re.VERBOSE | re.IGNORECASE,
)
"""The company's answer in the same cell: after a dashed line, a mark in brackets, or at a line's begin.

客服回复： alone at a line's begin is what customers write too when they tell what they were told.
"""

_SIGNATURE = re.compile(
    r"""(?:^|(?<=[\s。！？!?.…,，;；~～)）]))
    (?:(?:发自(?:我的)?|来自(?:我的)?|[从由]我的)[^\n。！？，]{0,16}(?:手机|客户端|平板|iPhone|iPad|Android|安卓|鸿蒙)
         [A-Za-z0-9+\ ]{0,16}(?:发送|发出)?
       |Sent\ (?:from|via)\ [^\n]{1,40}|Get\ Outlook\ for\ [^\n]{1,20}
    )[。.\s]*$""",
    re.VERBOSE | re.IGNORECASE,
)
"""What a phone or a mail program puts below a text, at its end only: 发自我的iPhone."""
_MAIL_SIGNATURE = re.compile(r"\n-- \r?\n(?:.|\n){0,400}$")
"""The signature of a mail stands below a line of two dashes and a blank (RFC 3676, 4.3)."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_BLANK = f"{string.whitespace}\u3000\xa0\u200b\u2060\u200e\u200f\ufeff"
"""What takes no place on a screen, or only place; a joiner (U+200D) inside an emoji is not among it."""
_MISSING = frozenset({"nan", "null", "none", "n/a", "\\n", "-", "--"})
_TRAILING = re.compile(r"(?:\.{2,}|…+)$")


_MARKED = re.compile(
    r"删|撤回|屏蔽|隐藏|填写|写下|自|从我|由我|sent|outlook|remove|delete|默认好评|\n-- ", re.IGNORECASE
)
"""What any of the marks and signatures above holds; most texts hold none of it."""
_NOTHING = frozenset({"", "nan", "NaN", "NULL"})


def clean_text(cells: pd.Series[str]) -> pd.Series[str]:
    r"""Return what people wrote, stripped; None where nothing is left.

    Marks of the export and signatures of phones and mail programs go; what a site writes in place of words is nothing.

    Examples
    --------
    >>> clean_text(pd.Series(["充电很慢。发自我的iPhone", "此用户没有填写评价。", "[已删除]"])).tolist()
    ['充电很慢。', None, None]
    >>> clean_text(pd.Series(["（该条评论已经被删除）太卡了\t", "（该条评论已经被删除）", "nan", None])).tolist()
    ['太卡了', None, None, None]
    """
    codes, unique = pd.factorize(cells)  # people say the same a lot: 在吗, 好的, 谢谢
    return pd.Series(spread([_clean(str(text)) for text in unique], codes), index=cells.index, dtype=object)


def _clean(cell: str) -> str | None:
    text = _CONTROL.sub("", cell).strip(_BLANK)
    if _MARKED.search(text):
        text = _DELETED.sub("", text)
        text = _MAIL_SIGNATURE.sub("", text).strip()
        text = _SIGNATURE.sub("", text).strip(_BLANK)
        if _NOTHING_SAID.fullmatch(text):
            return None
    # "nan" and "NULL" alone in a cell are what a program writes for nothing; "none" and "-" a person may mean.
    return None if text in _NOTHING else text


def clean_value(cells: pd.Series[str]) -> pd.Series[str]:
    """Return ids and names, stripped; None where the cell is a way of writing "missing".

    Examples
    --------
    >>> clean_value(pd.Series([" 13 ", "nan", "NULL", ""])).tolist()
    ['13', None, None, None]
    """
    values = cells.fillna("").astype(str).str.strip()
    return none_unless((values != "") & ~values.str.lower().isin(_MISSING), values)


def split_answer(texts: pd.Series[str]) -> tuple[pd.Series[str], pd.Series[str]]:
    r"""Return the customers' words and the company's answers inside the same cells, None where there is none.

    Examples
    --------
    >>> own, answer = split_answer(pd.Series(["打不开\n ------ \n 开发者回复：请更新"]))
    >>> own.tolist(), answer.tolist()
    (['打不开'], ['请更新'])
    """
    own: list[str | None] = list(texts)
    answers: list[str | None] = [None] * len(texts)
    for row in np.flatnonzero(texts.fillna("").str.contains(_ANSWER)):
        said, answer = _ANSWER.split(texts.iloc[row], maxsplit=1)
        own[row], answers[row] = said.strip() or None, answer.strip() or None
    return pd.Series(own, texts.index, dtype=object), pd.Series(answers, texts.index, dtype=object)


def repeats_start(title: str, text: str | None) -> bool:
    """Return whether a title says only what the text begins with (sites cut a title out of the text).

    Examples
    --------
    >>> repeats_start("小米东西很好…", "小米东西很好用，发货快"), repeats_start("差评", "太卡了")
    (True, False)
    """
    head = re.sub(r"\s", "", _TRAILING.sub("", title.strip()))
    return text is not None and re.sub(r"\s", "", text).startswith(head)


def mask(texts: pd.Series[str], contacts: pd.Series[Any] | None = None) -> pd.Series[str]:
    """Return the texts with personal data masked; None stays None.

    Parameters
    ----------
    texts : Series of str
        As received; the turns of a contact in order.
    contacts : Series, optional
        Contact of each text: within one the same value gets the same token. Without it each text is a contact.

    Examples
    --------
    >>> turns = pd.Series(["打13800138000", "或13900139000", "不，打139 0013 9000"])
    >>> mask(turns, pd.Series(["a", "a", "b"])).tolist()
    ['打[手机]', '或[手机#a2]', '不，打[手机]']
    """
    suspects = {text for text in texts.dropna().unique() if is_suspect(text)}
    masked = list(texts)
    rows = np.flatnonzero(texts.isin(suspects)).tolist()
    keys: Sequence[Any] = range(len(texts)) if contacts is None else contacts.tolist()
    groups: dict[object, list[int]] = {keys[row]: [] for row in rows}
    for row, key in enumerate(keys):
        if key in groups and isinstance(masked[row], str):
            groups[key].append(row)
    for group in groups.values():
        for row, text in zip(group, redact_turns([masked[row] for row in group]), strict=True):
            masked[row] = text
    return none_unless(texts.notna(), pd.Series(masked, texts.index, dtype=object))


def simplify(masked: pd.Series[str]) -> pd.Series[str]:
    """Return masked texts as the analysis reads them (normalised, Simplified)."""
    simple = {text: normalise(text) for text in masked.unique()}
    return masked.map(simple).astype(object)
