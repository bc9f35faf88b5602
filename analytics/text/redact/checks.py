"""Check digits and possible values: what tells an identity number from any other run of digits."""

from __future__ import annotations

import phonenumbers

# GB/T 2260: first two digits of a resident id, by region; 81 to 83: Hong Kong, Macau, Taiwan.
_PROVINCES = frozenset(
    f"{region}{place}"
    for region, places in enumerate(("12345", "123", "1234567", "123456", "01234", "12345", "1", "123"), start=1)
    for place in places
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"
# Taiwan: the two digits of each first letter, Ministry of the Interior; i, o and w stand out of order.
_TAIWAN_LETTERS = {letter: 10 + place for place, letter in enumerate("abcdefghjklmnpqrstuvxywzio")}


def compact(value: str) -> str:
    """Return letters and digits only.

    Examples
    --------
    >>> compact("(021) 6543-2100")
    '02165432100'
    """
    return "".join(char for char in value if char.isalnum())


def is_resident_id(value: str) -> bool:
    """Return whether 18 characters have a right region, date and check digit (GB 11643-1999, ISO 7064 MOD 11-2).

    Examples
    --------
    >>> is_resident_id("11010519491231002x"), is_resident_id("110105194912310021")
    (True, False)
    """
    digits = compact(value)
    if len(digits) != 18 or digits[:2] not in _PROVINCES or not digits[:17].isdecimal():
        return False
    if not ("1800" <= digits[6:10] <= "2099" and "01" <= digits[10:12] <= "12" and "01" <= digits[12:14] <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == digits[17]


def is_old_resident_id(value: str) -> bool:
    """Return whether 15 digits have a right region; the pattern looks at the date."""
    return compact(value)[:2] in _PROVINCES


def is_bank_card(value: str) -> bool:
    """Return whether 15 to 19 digits have the check digit of ISO/IEC 7812-1 (Luhn).

    Examples
    --------
    >>> is_bank_card("4111 1111 1111 1111"), is_bank_card("4111111111111112")
    (True, False)
    """
    digits = compact(value)
    if not 15 <= len(digits) <= 19:
        return False
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + position % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_hong_kong_id(value: str) -> bool:
    """Return whether one or two letters, six digits and a check (MOD 11, space counts 36, A is 10) fit together.

    Examples
    --------
    >>> is_hong_kong_id("a123456(3)"), is_hong_kong_id("a123456(4)")
    (True, False)
    """
    characters = compact(value).rjust(9)
    values = [36 if char == " " else int(char, 36) for char in characters]
    return len(values) == 9 and sum(n * weight for n, weight in zip(values, range(9, 0, -1), strict=True)) % 11 == 0


def is_taiwan_id(value: str) -> bool:
    """Return whether a letter and nine digits have Taiwan's check digit (identity card and residence permit).

    Examples
    --------
    >>> is_taiwan_id("a123456789"), is_taiwan_id("a123456788")
    (True, False)
    """
    tens, ones = divmod(_TAIWAN_LETTERS[value[0]], 10)
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    digits = (tens, ones, *(int(char) for char in value[1:]))
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def is_possible_phone(value: str) -> bool:
    """Return whether a number with + or 00 and a country code could be one, by the country's numbering plan.

    Examples
    --------
    >>> is_possible_phone("+1 415 555 0100"), is_possible_phone("+1000000")
    (True, False)
    """
    digits = compact(value)
    international = digits.removeprefix("00") if not value.startswith("+") else digits
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{international}"))
    except phonenumbers.NumberParseException:
        return False
