"""How much each kind of identifier is worth, and when one is shared by too many to name anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

KIND_ORDER = ("unionid", "login", "openid", "email", "customer", "phone", "order", "device")
"""Kinds from the strongest to the weakest; ties of every kind are broken in this order."""

ACCOUNTS = ("unionid", "login", "openid", "email", "customer")
"""Kinds that somebody proved to own or that a source keeps for one customer. Contacts are joined by these first; phone,
order and device, which several people can use, then join what the accounts left apart."""

PERSONAL = ("unionid", "login")
"""Kinds of which a person has one: two of them on one phone are two persons."""

COUNTED = ("unionid", "login", "openid", "email", "customer", "phone")
"""Kinds of which a person has a few: an identifier that comes with many of one of them is shared."""

RELIABILITY = {
    "unionid": 0.99,
    "login": 0.98,
    "openid": 0.98,
    "email": 0.95,
    "customer": 0.96,
    "phone": 0.92,
    "order": 0.85,
    "device": 0.60,
}
"""Chance that two contacts which share an identifier of the kind are of one person; our judgement."""

MANUAL = "manual"
"""The reason of what a person decided."""


@dataclass(frozen=True)
class Limits:
    """From when on an identifier, or a person put together, is not believed.

    Attributes
    ----------
    max_accounts : int
        Different logins (or unionids), not otherwise linked, that a phone, order or device may join.
    max_persons : int
        Different identifiers of one kind in `COUNTED` that an identifier may come with.
    max_contacts : int
        Contacts that an identifier, or a person joined by phone, order or device, may have.
    """

    max_accounts: int = 1
    max_persons: int = 4
    max_contacts: int = 400

    @property
    def max_groups(self) -> int:
        """Groups of accounts, not otherwise linked, that phones, orders and devices may make one person of."""
        return 2 * self.max_persons


def confidence(kinds: Iterable[str]) -> float:
    """Return the chance that a contact is its person's: noisy-or of the kinds that link it, 1 - Π (1 - reliability).

    Kinds count once each, as two phones of one contact are no independent witnesses.

    References
    ----------
    .. [1] J. Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, section 4.3.2 (noisy-or).

    Examples
    --------
    >>> confidence(["phone"]), round(confidence(["device", "phone"]), 3)
    (0.92, 0.968)
    """
    return round(1.0 - prod(1.0 - RELIABILITY[kind] for kind in sorted(set(kinds))), 12)


def reason(kinds: Iterable[str]) -> str:
    """Return the kinds in order of strength, as "phone+device".

    Examples
    --------
    >>> reason({"device", "phone"})
    'phone+device'
    """
    found = set(kinds)
    return "+".join(kind for kind in KIND_ORDER if kind in found)
