"""One text a contact: the customer's turns that carry what they came for."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analytics.errors import SchemaError
from analytics.text.redact import MASK_PATTERN

MAX_CHARACTERS = 300
"""A contact says what it is about early; what comes later is mostly the handling of it."""

# Courtesies and answers to the agent, alone or in a row. What is left of a turn without them is what it says.
_COURTESY = (
    "你好|您好|哈喽|哈罗|hello|hi|嗨|喂|亲亲|亲|早上好|上午好|中午好|下午好|晚上好|早|有人吗|有人在吗|有人么|人呢|在吗|在么|在不在|在不|在"
    "|客服|小姐姐|小哥哥|美女|帅哥|请问一下|请问|打扰一下|打扰了|打扰|麻烦你了|麻烦您了|麻烦了|辛苦你了|辛苦您了|辛苦了|辛苦"
    "|非常感谢|万分感谢|感谢您|感谢你|感谢|多谢|谢谢你|谢谢您|谢谢啦|谢谢了|谢谢|谢了|谢啦|thanks"
    "|不客气|没关系|没事"
    "|好的呢|好的吧|好的|好吧|好滴|好哒|好嘞|好勒|好呀|好啊|好了|好|嗯嗯|嗯呐|嗯|恩恩|恩|额|呃|哦哦|哦|噢|喔|啊|呀|哈哈|哈|嘿嘿|呵呵|ok|okay|yes"
    "|可以的|可以了|可以|行的|行吧|行|是的呢|是的|是啊|是呀|是吗|是|对的|对啊|对呀|对|没错|知道了|我知道了|明白了|明白|了解了|了解|收到了|收到|清楚了"
    "|不用了|不用|不是|没有了|没有啦|没有问题了|没有|没了|没|暂时没有|暂时没了|木有了|木有|就这样|就这样吧|先这样|等一下|稍等|等等|我等着"
    "|再见|拜拜|886|88|byebye|bye|祝您?生活愉快|满意|非常满意|转人工|人工客服|人工服务|人工|呢|哈|了|吧|啦|哟|哒|那个|那|就是"
)
_ONLY_COURTESY = re.compile(rf"(?:{_COURTESY})*", re.IGNORECASE)
# Masks of ours and placeholders that a source has set, bare numbers, letters of codes, punctuation and emoji.
_MASK = re.compile(rf"#E-[a-z]*\[[^\[\]\s]{{1,8}}\]|{MASK_PATTERN.pattern}|\[[^\[\]\s]{{1,8}}\]")
_OPENING = re.compile(
    r"^(?:(?:你好|您好|哈喽|在吗|在么|在不在|有人吗|亲|客服|请问一下|请问|麻烦问一下)[\s,，。.!！?？~～]*)+"
)
_FORM_FIELD = re.compile(
    r"(?:咨询)?(?:订单编?号|商品ID|商品编号|订单金额|下单时间|运单号|单号)\s*[::：]\s*", re.IGNORECASE
)
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z\-]*\d)[A-Za-z0-9\-]{5,}(?![A-Za-z0-9])|https?://\S+")
_NO_WORD = re.compile(r"[^\w]|_|\d")
_SPACES = re.compile(r"\s+")


def contact_documents(utterances: pd.DataFrame, *, max_characters: int = MAX_CHARACTERS) -> pd.DataFrame:
    """Join what the customer said of substance into one text a contact.

    Turns of greetings, thanks, acknowledgements, numbers or masks only are left out; masks, order-form fields and
    links are taken out of the others, and a turn said twice counts once.

    Parameters
    ----------
    utterances : DataFrame
        Customer turns: contact_id, turn, text_simplified. Read only; the order of rows does not matter.
    max_characters : int
        Where a long contact is cut.

    Returns
    -------
    DataFrame
        contact_id, text: one row a contact of the input, by contact_id; the text is '' where nothing of substance
        was said.

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> turns = pd.DataFrame({"contact_id": ["a"] * 3, "turn": [0, 1, 2],
    ...                       "text_simplified": ["你好，在吗", "我的快递[号码]到哪了", "好的谢谢"]})
    >>> contact_documents(turns).text.tolist()
    ['我的快递到哪了']
    """
    return contact_matters(utterances, max_characters=max_characters)[["contact_id", "text"]]


def contact_matters(utterances: pd.DataFrame, *, max_characters: int = MAX_CHARACTERS) -> pd.DataFrame:
    """Return `contact_documents` with the turns they are made of: what `assign_matters` reads.

    Returns
    -------
    DataFrame
        contact_id, text, turns (list of numbers), said (list of text, as many): the turns of `substantial_turns`,
        those after the cut as well.
    """
    kept = substantial_turns(utterances)
    contacts = np.sort(utterances["contact_id"].unique())
    turns: dict[str, list[int]] = {contact: [] for contact in contacts}
    said: dict[str, list[str]] = {contact: [] for contact in contacts}
    for contact, turn, text in zip(kept["contact_id"], kept["turn"].tolist(), kept["text"], strict=True):
        turns[contact].append(turn)
        said[contact].append(text)
    columns = {
        "text": [" ".join(texts)[:max_characters] for texts in said.values()],
        "turns": list(turns.values()),
        "said": list(said.values()),
    }
    of_contact = {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    return pd.DataFrame({"contact_id": contacts, **of_contact})


def substantial_turns(utterances: pd.DataFrame) -> pd.DataFrame:
    """Return the turns that say something, each without what says nothing, and said twice only once.

    Parameters
    ----------
    utterances : DataFrame
        As for `contact_documents`.

    Returns
    -------
    DataFrame
        contact_id, turn, text: by contact and turn.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    expected = ["contact_id", "turn", "text_simplified"]
    missing = [name for name in expected if name not in utterances.columns]
    if missing:
        raise SchemaError(f"contact_documents: expected columns {', '.join(expected)}, missing {', '.join(missing)}")
    turns = utterances[expected].sort_values(["contact_id", "turn"], kind="stable")
    said = turns.pop("text_simplified")
    # A quarter (chats of a shop) to two thirds (simulated) of the turns were typed before: each is read once.
    cleaned = {text: substance(text) for text in said.unique() if isinstance(text, str)}
    turns["text"] = [cleaned.get(text, "") for text in said]
    return turns[turns["text"] != ""].drop_duplicates(["contact_id", "text"], ignore_index=True)


def substance(turn: str) -> str:
    """Return the turn without masks, form fields and codes, or '' if only courtesies or numbers remain.

    Examples
    --------
    >>> substance("嗯嗯 好的"), substance("13"), substance("订单号:[号码] 想退货")
    ('', '', '想退货')
    """
    text = _OPENING.sub("", _SPACES.sub(" ", _CODE.sub(" ", _FORM_FIELD.sub(" ", _MASK.sub("", turn)))).strip())
    words = _NO_WORD.sub("", text)
    return "" if len(words) < 2 or _ONLY_COURTESY.fullmatch(words) else text
