"""One spelling for each thing by which a customer can be known, and none for cells that name nobody."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

_REGION = "CN"
_CHINESE_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_PHONE_CELL = re.compile(r"\+?[\d\s\-().]{5,24}(?:(?:转|ext\.?|x|#)\s*\d{1,6})?")
_LANDLINE = re.compile(r"0\d{2,3}[\-\s]?\d{7,8}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_WECHAT_ID = re.compile(r"o[A-Za-z0-9_\-]{27}")
_MASKED = re.compile(r"[*•●×]")
_MASKED_BY_X = re.compile(r"\dx{3,}|x{4,}")
_SEPARATORS = re.compile(r"[\s\-:.#]+")
_MIN_PHONE_DIGITS, _MAX_PHONE_DIGITS = 7, 15
_NOBODY = frozenset(
    (
        *("未知", "不详", "匿名", "匿名用户", "匿名客户", "无", "没有", "暂无", "空", "未填", "未提供", "未登录"),
        *("游客", "访客", "测试", "测试用户", "测试账号", "默认", "其他", "null", "none", "nil", "nan", "na", "n/a"),
        *("undefined", "unknown", "anonymous", "guest", "visitor", "test", "tester", "testuser", "default", "empty"),
        *("false", "true"),
    )
)
"""What people and programs write where there is nobody to name; our list."""
_PLACEHOLDER_DEVICES = frozenset({"9774d56d682e549c", "020000000000"})
"""The id that many Android 2.2 devices shared, and the MAC address that Android and iOS give to every app."""


def normal_value(kind: str, cell: str) -> str | None:
    """Return `family:value` in one spelling, None for a cell that names nobody.

    The family is told by the value where that is possible, not by the column: a phone number in the column of customers
    or logins is that phone, an e-mail that e-mail, an id of WeChat's form that id. Case matters in WeChat's ids only.

    Parameters
    ----------
    kind : str
        One of `analytics.schema.ID_KINDS`: the column's meaning.
    cell : str
        As received.

    Examples
    --------
    >>> normal_value("customer", "＋86 138-0013-8000"), normal_value("phone", "13800138000")
    ('phone:+8613800138000', 'phone:+8613800138000')
    >>> normal_value("phone", "138****8000"), normal_value("login", "匿名用户"), normal_value("phone", "13800000000")
    (None, None, None)
    """
    exact = unicodedata.normalize("NFKC", cell).strip()
    plain = exact.casefold()
    if _names_nobody(plain):
        return None
    if kind == "phone":
        return _phone(plain)
    if kind == "email":
        return f"email:{plain}" if _EMAIL.fullmatch(plain) else None
    if kind in ("unionid", "openid"):
        return None if _repeats(exact) else f"{'wechat' if _WECHAT_ID.fullmatch(exact) else 'openid'}:{exact}"
    if _MASKED_BY_X.search(plain):
        return None
    if kind in ("device", "order"):
        return _code(kind, plain)
    return _account(kind, exact, plain)


def _names_nobody(plain: str) -> bool:
    letters = re.sub(r"[\W_]+", "", plain)
    return not letters or plain in _NOBODY or letters in _NOBODY or _MASKED.search(plain) is not None


def _phone(plain: str) -> str | None:
    """Return the number with its country; as digits where it is no number of any plan we know."""
    mobile = _CHINESE_MOBILE.fullmatch(re.sub(r"[\s\-().]", "", plain))
    if mobile:
        return None if _repeats(mobile[1][3:]) else f"phone:+86{mobile[1]}"
    if not _PHONE_CELL.fullmatch(plain):
        return None
    digits = re.sub(r"\D", "", plain)
    if not _MIN_PHONE_DIGITS <= len(digits) <= _MAX_PHONE_DIGITS or _repeats(digits) or digits.startswith("12345678"):
        return None
    try:
        number = phonenumbers.parse(plain.replace("转", "ext"), _REGION)
    except phonenumbers.NumberParseException:
        return f"phone:{digits}"
    if not phonenumbers.is_valid_number(number):
        return f"phone:{digits}"
    if _repeats(str(number.national_number)[-7:]):
        return None
    return f"phone:{phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}"


def _code(kind: str, plain: str) -> str | None:
    code = _SEPARATORS.sub("", plain)
    if not code or _repeats(code) or code in _PLACEHOLDER_DEVICES:
        return None
    return f"{kind}:{code}"


def _account(kind: str, exact: str, plain: str) -> str | None:
    """Return a customer's number or a login: what it looks like, else an account.

    Plain digits stay apart by kind: customer 10086 and login 10086 are two things.
    """
    squeezed = re.sub(r"[\s\-().]", "", plain)
    if _CHINESE_MOBILE.fullmatch(squeezed) or plain.startswith("+") or _LANDLINE.fullmatch(plain):
        return _phone(plain)
    if _EMAIL.fullmatch(plain):
        return f"email:{plain}"
    if _WECHAT_ID.fullmatch(exact):
        return f"wechat:{exact}"
    if set(plain) == {"0"} or (len(plain) >= 6 and _repeats(plain)):
        return None
    return f"{kind if plain.isdigit() else 'account'}:{plain}"


def _repeats(text: str) -> bool:
    return len(set(text)) <= 1
