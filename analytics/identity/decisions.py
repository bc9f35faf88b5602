"""What people decided about persons by hand, in terms that stay when persons change."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.identity.union_find import UnionFind

CONTACT, IDENTIFIER = "contact:", "id:"


@dataclass(frozen=True)
class Decision:
    """One decision: `merge` says that left and right are one person, `split` that `right` is to be taken out of `left`.

    References are `id:<id_hash>` or `contact:<contact_id>`, never a person_id, which moves when persons are joined.
    """

    kind: Literal["merge", "split"]
    left: str
    right: str


@dataclass(frozen=True)
class Decisions:
    """All decisions that hold, ready to be applied.

    Attributes
    ----------
    contacts_out : frozenset of str
        Contacts taken out: each is a person of its own, and what it says links nobody.
    identifiers_out : frozenset of str
        Hashes taken out: they link nothing but contacts that have nothing else.
    merges : tuple of (str, str)
        Pairs of references that are one person.
    """

    contacts_out: frozenset[str] = frozenset()
    identifiers_out: frozenset[str] = frozenset()
    merges: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Decisions:
        """Sort decisions out; their order makes no difference.

        Examples
        --------
        >>> Decisions.of([Decision("split", "id:a", "contact:c1")]).contacts_out
        frozenset({'c1'})
        """
        found = list(decisions)
        out = [decision.right for decision in found if decision.kind == "split"]
        return cls(
            frozenset(ref.removeprefix(CONTACT) for ref in out if ref.startswith(CONTACT)),
            frozenset(ref.removeprefix(IDENTIFIER) for ref in out if ref.startswith(IDENTIFIER)),
            tuple(sorted({(decision.left, decision.right) for decision in found if decision.kind == "merge"})),
        )

    @property
    def named(self) -> frozenset[str]:
        """References that merges name."""
        return frozenset(ref for pair in self.merges for ref in pair)

    def merged(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Return label → label of the joined person, for every label that is joined to another.

        Parameters
        ----------
        labels : mapping of str to str
            Reference → label of the person it belongs to now; a reference whose data are gone is left out.
        """
        joined = UnionFind()
        for left, right in self.merges:
            if left in labels and right in labels:
                joined.union(labels[left], labels[right])
        found = {label: joined.find(label) for label in joined.members}
        sizes = Counter(found.values())
        return {label: whole for label, whole in found.items() if sizes[whole] > 1}


def contact_person_id(contact_id: str) -> str:
    """Return the person_id of a contact that is a person of its own: 16 hex digits of SHA-256.

    Examples
    --------
    >>> contact_person_id("c1") != contact_person_id("c2"), len(contact_person_id("c1"))
    (True, 16)
    """
    return hashlib.sha256(f"{CONTACT}{contact_id}".encode()).hexdigest()[:16]
