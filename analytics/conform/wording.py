"""What was really said in a cell: marks of the export taken off, the company's answer told apart, personal data masked."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from analytics.conform.missing import none_unless
from analytics.text.normalise import normalise
from analytics.text.redact import is_suspect, redact_turns

_DELETED = re.compile(r"[（(]该条评论已经被删除[)）]")
"""What the exports of app review sites put before a review that was taken down later."""

_ANSWER = re.compile(r"\s*[-—]{4,}\s*(?:开发者|商家|客服|官方|卖家)回复\s*[：:]\s*")
"""A dashed line, then the company's answer, in the same cell."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_MISSING = frozenset({"nan", "null", "none", "n/a", "\\n", "-", "--"})
_TRAILING = re.compile(r"(?:\.{2,}|…+)$")


def clean_text(cells: pd.Series[str]) -> pd.Series[str]:
    r"""Return what people wrote, stripped; None where nothing is left.

    Examples
    --------
    >>> clean_text(pd.Series(["（该条评论已经被删除）太卡了\t", "（该条评论已经被删除）", "nan", None])).tolist()
    ['太卡了', None, None, None]
    """
    text = cells.fillna("").astype(str).str.replace(_DELETED, "", regex=True)
    text = text.str.replace(_CONTROL, "", regex=True).str.strip()
    # "nan" and "NULL" alone in a cell are what a program writes for nothing; "none" and "-" a person may mean.
    return none_unless(~text.isin(["", "nan", "NaN", "NULL"]), text)


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
    rows = np.flatnonzero(texts.isin(suspects)) if suspects else []
    keys = range(len(texts)) if contacts is None else contacts.tolist()
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
