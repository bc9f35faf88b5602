"""The persons behind the contacts: who they are and under which id each channel knows them.

A person is a number. Everything about it is a hash of that number and the seed, so nobody needs to be stored and any
day can be made alone.
"""

from __future__ import annotations

from dataclasses import dataclass

_MASK = (1 << 64) - 1
# Share of persons known by their mobile in all channels; the others by an id of the channel.
LINKED_SHARE = 0.80
TRADITIONAL_SHARE = 0.03
# Prefixes of Chinese mobile numbers.
_PREFIXES = (
    "130",
    "131",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "157",
    "158",
    "159",
    "176",
    "177",
    "180",
    "182",
    "186",
    "187",
    "188",
    "189",
    "199",
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def mix(number: int, salt: int) -> int:
    """Return a well mixed 64-bit number (the finaliser of SplitMix64).

    References
    ----------
    .. [1] G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    value = (number + salt * 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


@dataclass(frozen=True, slots=True)
class Person:
    """One customer.

    Attributes
    ----------
    number : int
        The person, from 0.
    mobile : str
        Eleven digits; unlike for all persons of a simulation.
    linked : bool
        Whether every channel knows the mobile.
    traditional : bool
        Whether the person writes Traditional Chinese.
    emoji_share, terse_share, typo_share : float
        How often a message has an emoji, is cut short, has a typo.
    """

    number: int
    mobile: str
    linked: bool
    traditional: bool
    emoji_share: float
    terse_share: float
    typo_share: float

    @property
    def person_id(self) -> str:
        """The true person, as truth files name it."""
        return f"P{self.number:07d}"


def person_of(number: int, seed: int) -> Person:
    """Return the person of a number.

    Examples
    --------
    >>> person_of(7, seed=1).mobile == person_of(7, seed=1).mobile != person_of(8, seed=1).mobile
    True
    """
    bits = mix(number, seed)
    # 48271 is coprime to 10^8, so no two persons below 10^8 share the last eight digits.
    tail = (number * 48_271 + seed * 7_919 + 10_007) % 100_000_000
    return Person(
        number=number,
        mobile=f"{_PREFIXES[bits % len(_PREFIXES)]}{tail:08d}",
        linked=(bits >> 8) % 1000 < LINKED_SHARE * 1000,
        traditional=(bits >> 20) % 1000 < TRADITIONAL_SHARE * 1000,
        emoji_share=0.25 if (bits >> 32) % 5 == 0 else 0.02,
        terse_share=0.6 if (bits >> 36) % 3 == 0 else 0.2,
        typo_share=0.15 if (bits >> 40) % 4 == 0 else 0.03,
    )


def customer_id(person: Person, channel: str, seed: int) -> str:
    """Return the id under which a channel knows the person: the mobile, or an id of the channel."""
    if person.linked or channel == "phone":
        return person.mobile
    return openid_of(person, channel, seed)


def openid_of(person: Person, channel: str, seed: int) -> str:
    """Return the id that a channel itself gives to the person: WeChat's openid, Weibo's number, else an account."""
    bits = mix(person.number, seed + len(channel))
    if channel == "wechat":
        return "oQ7x" + letters_id(bits, 24)
    if channel == "weibo":
        return str(5_000_000_000 + bits % 2_800_000_000)
    return f"u{bits % 100_000_000:08d}"


def letters_id(bits: int, n_chars: int) -> str:
    """Return up to 24 letters, digits, dashes and underscores made of 64 bits."""
    letters = [_LETTERS[(source >> shift) & 63] for source in (bits, mix(bits, 3)) for shift in range(0, 60, 5)]
    return "".join(letters[:n_chars])
