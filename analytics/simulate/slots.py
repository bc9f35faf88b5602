"""What fills the slots of a frame: words of lists, words of the product, and invented numbers.

All numbers are drawn at random and belong to nobody on purpose: phone numbers, order numbers, e-mails, tax numbers.
They have the shape of real ones, so that masking has something to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Random = Callable[[], float]

# Drawn anew each time a frame asks; everything else stays the same within one contact.
FRESH = frozenset({"product", "model", "n", "size", "other_no", "hot"})
SLIP_OF_KEYWORD_SHARE = 0.02


@dataclass(frozen=True)
class Product:
    """A product line and the ways customers name it."""

    name: str
    category: str
    weight: float
    mentions: tuple[str, ...]
    models: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class SlotWords:
    """The word lists of data/simulate/slots.toml."""

    plain: Mapping[str, tuple[str, ...]]
    products: tuple[Product, ...]

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> SlotWords:
        """Build from the parsed file."""
        plain = {name: tuple(words) for name, words in tables["plain"].items()}
        by_product = tables["by_product"]
        products = tuple(
            Product(
                name=row["name"],
                category=row["category"],
                weight=float(row["weight"]),
                mentions=tuple(row["mentions"]),
                models=tuple(row["models"]),
                words={slot: tuple(lists[row["name"]]) for slot, lists in by_product.items() if row["name"] in lists},
            )
            for row in tables["product"]
        )
        return cls(plain, products)

    @property
    def names(self) -> frozenset[str]:
        """Slots that are filled from a list."""
        return frozenset(self.plain) | {slot for product in self.products for slot in product.words}


def _digits(rnd: Random, n: int) -> str:
    return f"{int(rnd() * 10**n):0{n}d}"


def _pick(words: tuple[str, ...], rnd: Random) -> str:
    return words[int(rnd() * len(words))]


_AMOUNTS = (9.9, 19.9, 29.9, 39.9, 49, 59, 69, 79.9, 89, 99, 129, 159, 199, 239, 299, 399, 499, 599)
_PINYIN = (
    "wang",
    "li",
    "zhang",
    "xiaoyu",
    "chen",
    "linlin",
    "yangyang",
    "liu",
    "sunny",
    "mumu",
    "zhao",
    "qiqi",
    "ahao",
)


class Slots(dict[str, str]):
    """The slots of one contact, drawn when first asked for and then kept.

    Parameters
    ----------
    words : SlotWords
        Word lists.
    product : Product
        What the contact is about.
    rnd : callable
        Gives numbers in [0, 1).
    known : dict of str to str
        Slots that are given: the customer's mobile as `phone`, the agent's number and nickname.

    Examples
    --------
    >>> thing = Product("手机", "数码", 1.0, ("手机",), ("iPhone 17",), {})
    >>> Slots(SlotWords({}, (thing,)), thing, lambda: 0.0, {"phone": "13800000000"})["tail"]
    '0000'
    """

    def __init__(self, words: SlotWords, product: Product, rnd: Random, known: dict[str, str]) -> None:
        super().__init__(known)
        self._words, self._product, self._rnd = words, product, rnd

    def __missing__(self, name: str) -> str:
        drawn = _DRAWERS.get(name)
        if drawn is not None:
            value = drawn(self, self._rnd)
        else:
            words = self._product.words.get(name) or self._words.plain[name]
            value = _pick(words, self._rnd)
        if name not in FRESH:
            self[name] = value
        return value

    def _mention(self, rnd: Random) -> str:
        return _pick(self._product.mentions, rnd)

    def _model(self, rnd: Random) -> str:
        return _pick(self._product.models, rnd)

    def _hot(self, rnd: Random) -> str:
        return _pick(self._words.plain["hot_slip"], rnd) if rnd() < SLIP_OF_KEYWORD_SHARE else "呛口小辣椒面膜"

    def _person(self, _: Random) -> str:
        return self["surname"] + self["given"]

    def _address(self, rnd: Random) -> str:
        number, house, flat = int(rnd() * 300) + 1, int(rnd() * 30) + 1, f"{int(rnd() * 28) + 1}0{int(rnd() * 4) + 1}"
        return f"{self['city']}市{self['street']}{number}号{self['estate']}{house}栋{flat}"

    def _company(self, _: Random) -> str:
        return f"{self['city']}{self['company_name']}有限公司"

    def _email(self, rnd: Random) -> str:
        return f"{_pick(_PINYIN, rnd)}{_digits(rnd, 4)}@{self['email_host']}"


_DRAWERS: dict[str, Callable[[Slots, Random], str]] = {
    "product": Slots._mention,
    "model": Slots._model,
    "hot": Slots._hot,
    "person": Slots._person,
    "address": Slots._address,
    "company": Slots._company,
    "email": Slots._email,
    "order": lambda _, rnd: "3" + _digits(rnd, 15) + _digits(rnd, 3),
    "waybill": lambda _, rnd: "YT" + _digits(rnd, 13),
    "tail": lambda slots, _: slots["phone"][-4:],
    "amount": lambda _, rnd: f"{_AMOUNTS[int(rnd() * len(_AMOUNTS))]}" + ("元" if rnd() < 0.6 else "块"),
    "n": lambda _, rnd: "三四五六"[int(rnd() * 4)],
    "points": lambda _, rnd: str(int(rnd() * 90 + 5) * 100),
    "height": lambda _, rnd: str(int(rnd() * 30) + 155),
    "weight": lambda _, rnd: str(int(rnd() * 70) + 90),
    "chest": lambda _, rnd: str(int(rnd() * 30) + 88),
    "taxno": lambda _, rnd: "91" + _digits(rnd, 13) + "MA" + _digits(rnd, 1),
    "other_no": lambda _, rnd: str(100 * (int(rnd() * 4) + 1) + int(rnd() * 8) + 1),
    "wait": lambda _, rnd: str(int(rnd() * 3) + 4),
}
DRAWN = frozenset(_DRAWERS) | {"phone", "agent_no", "nick", "answer"}
