"""The quick look that spares most texts the rules: nothing here, nothing to mask.

One pattern over the text as received. It begins with one class of characters, which `re` looks for as fast as memory
allows; only then are the alternatives tried, each told by a look back at that character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from analytics.text.redact.folding import CHINESE_DIGITS, HAN, han_without
from analytics.text.redact.identity import PROVINCES
from analytics.text.redact.surnames import COMPOUND_FIRST, COMPOUND_LAST, NOT_IN_GIVEN, SURNAMES

_HAN_DIGITS = "".join(CHINESE_DIGITS)
_SPACE = "\\s\u200b\u2060"
_DASHES = "\\-－‐‑‒–—―−"
_BETWEEN = rf"[{_SPACE}{_DASHES}()（）.．,，、·•/#]{{0,3}}"
_LATIN = "A-Za-zＡ-Ｚａ-ｚ"
_CODE = rf"[\d{_LATIN}]"
_FIVE = rf"[\d{_HAN_DIGITS}{_LATIN}](?:[、,，{_SPACE}{_DASHES}_]?[\d{_HAN_DIGITS}{_LATIN}]){{4}}"
_TO_CODE = rf"[^\n\d{_LATIN}]{{0,8}}?(?:[Ii][Dd]|[Nn][Oo]\.?)?[^\n\d{_LATIN}]{{0,6}}?"
_NUMBER = rf"[\d{_HAN_DIGITS}十百{_LATIN}{_DASHES}甲乙丙丁东東西南北中]{{1,8}}?"
_COUNT = rf"[\d{_LATIN}{_HAN_DIGITS}十号號甲乙丙丁东西南北]"
_DOOR = "[号號弄巷栋棟幢座单單室樓楼层層房期门門组組排户戶院段隊队社#\\-－之]"
_PLACE_END = "路街巷弄道里條条村屯寨庄莊园園苑城寓厦廈府庭湾灣场場院区區馆坊际際邸居舍段同地"
_AFTER_CUE = (
    r"[^\n,，。！!？?的]{1,20}?(?:[路街巷弄道条條村屯庄莊园園苑城厦廈府庭湾灣邸寓坊里院]|"
    r"小[区區]|社[区區]|[广廣园園][场場区區]|中心|[国國][际際]|名都|宿舍|雅居|胡同|公[馆館])"
)
_GIVEN = f"[{han_without(NOT_IN_GIVEN)}]"
_ROLES = f"(?:[{HAN}]{{2,3}}?[:：,， ]?)"

_SURNAME = f"[{SURNAMES}{COMPOUND_FIRST}]"
_SURNAME_END = f"[{SURNAMES}{COMPOUND_LAST}]"


def _after_name(last: str) -> str:
    """Look back over the character `last` for a surname one to three characters before it."""
    return "(?:" + "|".join(f"(?<={_SURNAME_END}{f'[{HAN}]' * n}{last})" for n in range(3)) + ")"


_NAME_BEFORE = "|".join(_after_name(rf"[^{HAN}]{{{n}}}\[") for n in range(4))

# (characters that the suspect part begins with, what must follow them)
_SUSPECTS = (
    # the most frequent first characters come first
    # an address: a place, a number and what is counted
    (_PLACE_END, rf"[{_SPACE}]?{_NUMBER}[{_SPACE}]?{_DOOR}"),
    # seven digits, or Chinese ones
    (_HAN_DIGITS, rf"(?:[、,，{_SPACE}{_DASHES}]{{0,2}}[\d{_HAN_DIGITS}]){{6}}"),
    (r"\d", rf"(?:{_BETWEEN}[\d{_HAN_DIGITS}]){{5}}{_BETWEEN}[\dAaＡ{_HAN_DIGITS}]"),
    # names
    ("是", rf"(?<=[我里裡边系]是){_ROLES}?{_SURNAME}{_GIVEN}"),
    ("本", rf"人{_SURNAME}{_GIVEN}"),
    (
        "人者主名字系客家头頭",
        (
            rf"(?:姓名|名字|名|叫)?(?:[改更换換写寫填][成为為的]?)?[{_SPACE}]?(?:[:：]{{1,2}}[{_SPACE}]?叫?[{HAN}"
            rf"{_LATIN}]|"
            rf"[是为為叫]{{1,2}}{_SURNAME}{_GIVEN})"
        ),
    ),
    ("先女小太", rf"(?:生|士|姐(?!姐)|太){_after_name('..')}"),
    (PROVINCES, rf"[{_SPACE}]?[{_LATIN}][·•.{_SPACE}{_DASHES}]?{_CODE}{{4}}"),
    ("寄送递遞发發搬", rf"[货貨]?[到去至往]{_AFTER_CUE}"),
    # numbers that a letter or a cue makes one
    ("@＠", rf"[{_SPACE}]?[\d{_LATIN}{_DASHES}]"),
    ("单單号號订訂牌码碼递遞卡证證", rf"{_TO_CODE}{_FIVE}"),
    ("微薇威徽", rf"信{_TO_CODE}{_FIVE}"),
    (
        "QqＱｑVvＶｖWwＷｗ扣",
        rf"(?:(?<=[QqＱｑ])[QqＱｑ:： 群联]|(?<=扣)扣|(?<=[VvＶｖ])[XxＸｘ信]|(?<=[WwＷｗ])[XxＸｘ]){_TO_CODE}{_FIVE}",
    ),
    ("WwLlOo", rf"(?:[Ee][Cc]hat|eixin|xid_|[Ii][Nn][Ee] ?[Ii][Dd]|rder){_TO_CODE}{_FIVE}"),
    ("加+＋", rf"[个個我一下{_SPACE}]{{0,2}}[VvQqＶｖＱｑ微薇徽威]{_TO_CODE}{_FIVE}"),
    ("Nn", r"(?:ame|AME)[^\n]{1,5}[A-Za-z]"),
    # names
    ("姓", rf"[{_SPACE}]?{_SURNAME}"),
    ("叫", rf"[{_SPACE}做:：「『\"“]{{0,3}}(?:{_SURNAME}|[{_LATIN}])"),
    (
        "人者主名字系",
        (
            rf"(?<=[件货貨系络絡繫请請订訂保车車机機住票卡购購案修姓户戶业業真名联聯].)(?:姓名|名)?(?:[改更换換][成为為"
            rf"])?[{_SPACE}]?{_SURNAME}{_GIVEN}"
        ),
    ),
    ("收亲親", rf"(?:{_after_name('.')}|{_after_name(f'[{_SPACE}].')})[启啟]?(?![{HAN}])"),
    # a token of a text that was masked before: a name may stand beside it
    (r"\[", rf"(?:手机|电话|地址)(?:#a\d+)?\][ ,，、/:：。.+(（{_DASHES}]{{0,3}}{_SURNAME}"),
    (r"\[", rf"(?:{_NAME_BEFORE})(?:手机|电话|地址)(?:#a\d+)?\]"),
    ("栋棟幢单單", rf"(?<={_COUNT}.)(?:(?<=[栋棟幢])|元)"),
    ("座楼樓", rf"(?<={_COUNT}.)[{_SPACE}]?[\d{_HAN_DIGITS}]"),
    (_DASHES, rf"(?<=\d.)\d{{1,2}}[{_DASHES}]\d{{3,4}}(?!\d)"),
    ("址", _AFTER_CUE),
    ("地", rf"(?<=[货件]地){_AFTER_CUE}"),
    ("住家", rf"(?:(?<=住)在|(?<=家)[住在]|(?<=我住)){_AFTER_CUE}"),
    ("区區县縣", rf"[{HAN} ]{{1,14}}?(?:路|大道|大街|镇|鎮|乡|鄉|村|街道)"),
)


def _starts(suspects: Sequence[tuple[str, str]]) -> str:
    return "".join(first for first, _ in suspects)


def _alternatives(suspects: Sequence[tuple[str, str]], size: int = 6) -> str:
    """Return all alternatives, few at a time behind one look back: a character that fails tries few of them."""
    groups = [suspects[start : start + size] for start in range(0, len(suspects), size)]
    return "|".join(
        f"(?<=[{_starts(group)}])(?:{'|'.join(f'(?<=[{first}]){rest}' for first, rest in group)})" for group in groups
    )


_PATTERN = re.compile(f"[{_starts(_SUSPECTS)}](?:{_alternatives(_SUSPECTS)})")


def is_suspect(text: str) -> bool:
    """Return whether a rule could find anything; False for most texts, at little more than the cost of reading them.

    Examples
    --------
    >>> is_suspect("昨天买的空调不制冷，付了1299.00元"), is_suspect("打13800138000")
    (False, True)
    """
    return _PATTERN.search(text) is not None
