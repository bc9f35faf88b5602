"""Made-up personal data in every form that people write it, drawn by a seed. Knows nothing of how it is masked.

Numbers are random and belong to nobody on purpose; a form is a name and a function that draws one.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Draw = Callable[[Random], str]

_SPOKEN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_RADIO = dict(zip("0123456789", "洞幺两三四五六拐八九", strict=True))
_FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"}
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁"


def digits(rnd: Random, n: int) -> str:
    """Return n random digits."""
    return "".join(rnd.choice("0123456789") for _ in range(n))


def _mobile(rnd: Random) -> str:
    return "1" + rnd.choice("3456789") + digits(rnd, 9)


def _grouped(text: str, sizes: tuple[int, ...], separator: str) -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(text[start : start + size])
        start += size
    return separator.join(parts)


def _spell(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(char, char) for char in text)


def _hong_kong(rnd: Random) -> str:
    return rnd.choice("569") + digits(rnd, 7)


def _eight(rnd: Random) -> str:
    return rnd.choice("2345678") + digits(rnd, 7)


def resident_id(rnd: Random) -> str:
    """Return 18 characters with region, birthday and check digit of GB 11643."""
    body = rnd.choice(("110105", "310104", "440305", "330106", "510107", "420111")) + str(rnd.randint(1950, 2008))
    body += f"{rnd.randint(1, 12):02d}{rnd.randint(1, 28):02d}{digits(rnd, 3)}"
    return body + "10X98765432"[sum(int(char) * 2 ** (17 - place) for place, char in enumerate(body)) % 11]


def bank_card(rnd: Random, prefix: str, length: int) -> str:
    """Return a card number that passes Luhn."""
    body = prefix + digits(rnd, length - len(prefix) - 1)
    doubled = [int(char) * (2 if place % 2 == 0 else 1) for place, char in enumerate(reversed(body))]
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def hong_kong_id(rnd: Random) -> str:
    """Return A123456(7) with a right check."""
    letter, body = rnd.choice("ABCDGHKMPRVYZ"), digits(rnd, 6)
    total = 36 * 9 + (ord(letter) - 55) * 8 + sum(int(char) * (7 - place) for place, char in enumerate(body))
    return f"{letter}{body}({'0123456789A'[-total % 11]})"


def taiwan_id(rnd: Random) -> str:
    """Return a letter and nine digits with a right check."""
    codes = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
    letter, body = rnd.choice("ABCDEFGHJKLMNPQRSTUV"), rnd.choice("12") + digits(rnd, 7)
    total = (
        codes[letter] // 10 + codes[letter] % 10 * 9 + sum(int(char) * (8 - place) for place, char in enumerate(body))
    )
    return f"{letter}{body}{-total % 10}"


def _wechat(rnd: Random) -> str:
    word = rnd.choice(("wang", "xiaoyu", "lin", "abc", "happy", "qing", "sunny", "Tom", "mimi"))
    return rnd.choice(
        (
            f"{word}{digits(rnd, 6)}",
            f"{word}_{digits(rnd, 4)}",
            f"wxid_{word}{digits(rnd, 8)}",
            f"{word}-2{digits(rnd, 4)}",
        )
    )


def _qq(rnd: Random) -> str:
    return str(rnd.randint(10_000, 3_999_999_999))


def _plate_tail(rnd: Random, n: int) -> str:
    body = list(digits(rnd, n))
    if rnd.random() < 0.5:
        body[rnd.randrange(n)] = rnd.choice(_PLATE_LETTERS)
    return "".join(body)


PHONES: dict[str, Draw] = {
    "mobile, plain": _mobile,
    "mobile, 3 4 4": lambda rnd: _grouped(_mobile(rnd), (3, 4, 4), rnd.choice((" ", "-", "  ", "."))),
    "mobile, 4 3 4": lambda rnd: _grouped(_mobile(rnd), (4, 3, 4), rnd.choice(" -")),
    "mobile, 3 3 5": lambda rnd: _grouped(_mobile(rnd), (3, 3, 5), rnd.choice(" -")),
    "mobile, digit by digit": lambda rnd: " ".join(_mobile(rnd)),
    "mobile, full width": lambda rnd: _mobile(rnd).translate(_FULL_WIDTH),
    "mobile, full width with dashes": lambda rnd: _grouped(_mobile(rnd), (3, 4, 4), "-").translate(_FULL_WIDTH),
    "mobile, +86": lambda rnd: rnd.choice(("+86", "+86 ", "+86-", "86", "0086 ", "(+86)")) + _mobile(rnd),
    "mobile, 一三八": lambda rnd: _spell(_mobile(rnd), _SPOKEN),
    "mobile, 幺三八": lambda rnd: _spell(_mobile(rnd), _RADIO),
    "mobile, 一三八 with pauses": lambda rnd: _spell(_grouped(_mobile(rnd), (3, 4, 4), rnd.choice("、， ")), _SPOKEN),
    "mobile, 138零零": lambda rnd: (number := _mobile(rnd))[:3] + _spell(number[3:], _SPOKEN),
    "Hong Kong, +852": lambda rnd: (
        rnd.choice(("+852 ", "+852-", "852 ", "00852")) + _grouped(_hong_kong(rnd), (4, 4), rnd.choice((" ", "-", "")))
    ),
    "Macau, +853": lambda rnd: "+853 " + _grouped("6" + digits(rnd, 7), (4, 4), rnd.choice((" ", ""))),
    "Taiwan mobile": lambda rnd: _grouped("09" + digits(rnd, 8), (4, 3, 3), rnd.choice((" ", "-", ""))),
    "Taiwan mobile, +886": lambda rnd: "+886 " + _grouped("9" + digits(rnd, 8), (3, 3, 3), rnd.choice((" ", "-"))),
    "Taiwan landline": lambda rnd: f"(0{rnd.choice('24')}){_grouped('2' + digits(rnd, 7), (4, 4), '-')}",
    "landline, area code": lambda rnd: (
        rnd.choice(("010", "021", "0755", "0571", "028")) + rnd.choice("- ") + _eight(rnd)
    ),
    "landline, no dash": lambda rnd: rnd.choice(("010", "021", "0755", "0571")) + _eight(rnd),
    "landline, extension": lambda rnd: f"0755-{_eight(rnd)}{rnd.choice(('转', '-', ' 转 '))}{digits(rnd, 3)}",
    "landline, 零二一": lambda rnd: _spell("021" + _eight(rnd), _SPOKEN),
    "abroad": lambda rnd: rnd.choice(
        (
            f"+1 415 555 {digits(rnd, 4)}",
            f"+44 20 7946 0{digits(rnd, 3)}",
            f"+81 90-1234-{digits(rnd, 4)}",
            f"+65 9{digits(rnd, 3)} {digits(rnd, 4)}",
        )
    ),
}
LOCAL_PHONES: dict[str, Draw] = {
    "landline, local": _eight,
    "landline, seven digits": lambda rnd: rnd.choice("2345678") + digits(rnd, 6),
    "Hong Kong, local": lambda rnd: _grouped(_hong_kong(rnd), (4, 4), rnd.choice((" ", "-", ""))),
}
IDENTITY: dict[str, Draw] = {
    "resident id": resident_id,
    "resident id, small x or spaces": lambda rnd: _grouped(resident_id(rnd).lower(), (6, 8, 4), rnd.choice(" -")),
    "resident id, fours": lambda rnd: _grouped(resident_id(rnd), (4, 4, 4, 4, 2), " "),
    "resident id, full width": lambda rnd: resident_id(rnd).translate(_FULL_WIDTH),
    "resident id, 15 digits": lambda rnd: (
        f"110105{rnd.randint(50, 85)}{rnd.randint(1, 12):02d}{rnd.randint(1, 28):02d}{digits(rnd, 3)}"
    ),
    "Hong Kong id": hong_kong_id,
    "Taiwan id": taiwan_id,
    "Macau id": lambda rnd: f"{rnd.choice('157')}/{digits(rnd, 6)}/{digits(rnd, 1)}",
    "passport, strong": lambda rnd: rnd.choice(
        ("E" + digits(rnd, 8), "G" + digits(rnd, 8), f"E{rnd.choice('ABCDEFGHJ')}{digits(rnd, 7)}")
    ),
}
PAPERS: dict[str, Draw] = {
    "passport": lambda rnd: rnd.choice(("P", "S", "D", "SE", "K", "")) + digits(rnd, 8),
    "passport, nine digits": lambda rnd: digits(rnd, 9),
}
PERMITS: dict[str, Draw] = {
    "permit": lambda rnd: rnd.choice("HMC") + digits(rnd, 8),
    "permit, ten digits": lambda rnd: rnd.choice("HM") + digits(rnd, 10),
}
CARDS: dict[str, Draw] = {
    "card, 16 digits": lambda rnd: bank_card(rnd, rnd.choice(("4", "51", "62")), 16),
    "card, 19 digits": lambda rnd: bank_card(rnd, "6222", 19),
    "card, spaced": lambda rnd: _grouped(bank_card(rnd, "62", 19), (4, 4, 4, 4, 3), rnd.choice(" -")),
}
PLATES: dict[str, Draw] = {
    "plate": lambda rnd: (
        rnd.choice(_PROVINCES) + rnd.choice(_PLATE_LETTERS) + rnd.choice(("", "·", " ", "-")) + _plate_tail(rnd, 5)
    ),
    "plate, new energy": lambda rnd: (
        rnd.choice(_PROVINCES) + rnd.choice(_PLATE_LETTERS) + rnd.choice(("", "·")) + rnd.choice("DF") + digits(rnd, 5)
    ),
    "plate, small letters": lambda rnd: (
        rnd.choice(_PROVINCES) + rnd.choice(_PLATE_LETTERS) + _plate_tail(rnd, 5)
    ).lower(),
    "plate, Hong Kong or Macau": lambda rnd: "粤Z" + digits(rnd, 4) + rnd.choice("港澳"),
}
MAIL: dict[str, Draw] = {
    "e-mail": lambda rnd: (
        f"{rnd.choice(('wang.li', 'xiao_yu', 'abc-1', 'test99'))}{digits(rnd, 2)}@"
        f"{rnd.choice(('example.com', 'mail.example.cn', 'qq.com', '163.com'))}"
    ),
    "e-mail, full width": lambda rnd: f"ａｂｃ{digits(rnd, 3)}＠ｅｘａｍｐｌｅ．ｃｏｍ",
    "e-mail, spaces": lambda rnd: f"wang{digits(rnd, 3)} @ example.com",
}
WECHAT: dict[str, Draw] = {"WeChat id": _wechat}
QQ: dict[str, Draw] = {"QQ": _qq}
ORDERS: dict[str, Draw] = {
    "order, long": lambda rnd: digits(rnd, rnd.randint(11, 20)),
    "order, short": lambda rnd: rnd.choice("123456789") + digits(rnd, rnd.randint(5, 9)),
    "order, letters": lambda rnd: rnd.choice(("DD", "SO", "JD", "A", "TB-")) + digits(rnd, rnd.randint(6, 12)),
    "order, dashes": lambda rnd: f"{digits(rnd, 4)}-{digits(rnd, 6)}-{digits(rnd, 4)}",
}
PARCELS: dict[str, Draw] = {
    "parcel, SF": lambda rnd: rnd.choice(("SF", "sf")) + digits(rnd, 13),
    "parcel, YT": lambda rnd: "YT" + digits(rnd, 13),
    "parcel, JD": lambda rnd: rnd.choice(("JD", "JDVA", "JDX")) + digits(rnd, 13),
    "parcel, ZTO and STO": lambda rnd: rnd.choice(("ZTO", "STO")) + digits(rnd, 12),
    "parcel, EMS": lambda rnd: rnd.choice(("EA", "RB", "CX")) + digits(rnd, 9) + "CN",
    "parcel, JT and DPK": lambda rnd: rnd.choice(("JT", "DPK")) + digits(rnd, 13),
}
CUED_PARCELS: dict[str, Draw] = {
    "parcel, digits": lambda rnd: rnd.choice("347") + digits(rnd, rnd.randint(11, 14)),
    "parcel, short": lambda rnd: digits(rnd, rnd.randint(8, 10)),
}
