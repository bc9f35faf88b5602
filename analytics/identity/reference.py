"""The whole of identity on one machine, in plain words: what `jobs.identity` must equal on any data."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from analytics.identity.decisions import CONTACT, IDENTIFIER, Decisions, contact_person_id
from analytics.identity.rules import (
    ACCOUNTS,
    COUNTED,
    KIND_ORDER,
    MANUAL,
    PERSONAL,
    Limits,
    confidence,
    reason,
)
from analytics.identity.union_find import UnionFind
from analytics.schema import UNDATED_DAY

Row = tuple[dt.date, str, str, str]
"""day, contact_id, id_kind, id_hash: a row of table `contact_identifier`."""
Named = dict[str, dict[str, str]]
"""contact_id → id_hash → kind."""
Labels = dict[str, str]
"""id_hash → label of the person it belongs to."""


@dataclass(frozen=True)
class Link:
    """Whose a contact is; nobody's (`person_id` None) when all it has is shared."""

    person_id: str | None
    confidence: float | None
    reason: str


def assign(rows: Iterable[Row], limits: Limits, decisions: Decisions) -> dict[str, Link]:
    """Return the person of every contact that has an identifier.

    1. An identifier is shared, and links nobody, if it comes with more than `max_persons` identifiers of one kind of
       `COUNTED`, or has more than `max_contacts` contacts.
    2. Contacts that share an account are joined.
    3. A phone, order or device that touches more than `max_accounts` of these groups with a login (or with a unionid)
       is shared. The others join groups.
    4. Where such a join holds more than `max_accounts` groups with a login (or a unionid), more than twice
       `max_persons` groups, or more than `max_contacts` contacts, it is undone: what touches one group goes to it, what
       touches none stays alone, the rest is shared.
    5. A contact belongs to the person of its strongest identifier that is not shared; persons merged by hand are one.
    6. A person is called after the identifier seen first, by day, strength of its kind, and hash.

    Parameters
    ----------
    rows : iterable of (day, contact_id, id_kind, id_hash)
        All there are.
    limits : Limits
        When an identifier is shared.
    decisions : Decisions
        What was decided by hand.

    Examples
    --------
    >>> day = dt.date(2026, 3, 1)
    >>> rows = [(day, "call", "phone", "p"), (day, "chat", "login", "l"), (day, "chat", "phone", "p")]
    >>> assign(rows, Limits(), Decisions())["call"]
    Link(person_id='l', confidence=0.92, reason='phone')
    """
    given = list(rows)
    found = _strongest(given)
    names: Named = {contact: kinds for contact, kinds in found.items() if contact not in decisions.contacts_out}
    out = decisions.identifiers_out
    kept = {c: {h: kind for h, kind in kinds.items() if h not in out} for c, kinds in names.items()}
    live, labels = _joined(_without(kept, _crowded(kept, limits)), limits)
    for contact, kinds in names.items():
        if not live.get(contact) and any(name in out for name in kinds):
            live[contact] = {name: kind for name, kind in kinds.items() if name in out}
            labels |= {name: name for name in live[contact]}
    return _links(found, live, labels, decisions, _days(given))


def _strongest(rows: Iterable[Row]) -> Named:
    """Return contacts with their identifiers, each under the strongest of its kinds in that contact."""
    found: Named = defaultdict(dict)
    for _, contact, kind, name in rows:
        if kind in KIND_ORDER:
            found[contact][name] = min(kind, found[contact].get(name, kind), key=KIND_ORDER.index)
    return dict(found)


def _days(rows: Iterable[Row]) -> dict[tuple[str, str], dt.date]:
    """Return the day on which a contact gave an identifier; one without a day counts as the last of all."""
    return {(contact, name): dt.date.max if day == UNDATED_DAY else day for day, contact, _, name in rows}


def _contacts_of(kept: Named) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for contact, kinds in kept.items():
        for name in kinds:
            found[name].append(contact)
    return found


def _without(kept: Named, shared: set[str]) -> Named:
    return {c: {h: kind for h, kind in kinds.items() if h not in shared} for c, kinds in kept.items()}


def _crowded(kept: Named, limits: Limits) -> set[str]:
    """Return the identifiers that too many share (step 1)."""
    crowded = set()
    for name, contacts in _contacts_of(kept).items():
        others: dict[str, set[str]] = defaultdict(set)
        for contact in contacts:
            for other, kind in kept[contact].items():
                if kind in COUNTED and other != name:
                    others[kind].add(other)
        widest = max((len(found) for found in others.values()), default=0)
        if widest > limits.max_persons or len(contacts) > limits.max_contacts:
            crowded.add(name)
    return crowded


@dataclass(frozen=True)
class _Groups:
    """What accounts join (step 2).

    `of_name` and `of_contact` give the group of an account and of a contact that has one, `personal` the groups that
    have a login, and those that have a unionid.
    """

    of_name: Labels
    of_contact: dict[str, str]
    personal: tuple[set[str], ...]

    @classmethod
    def of(cls, accounts: Named) -> _Groups:
        sets = UnionFind()
        for kinds in accounts.values():
            for name in kinds:
                sets.union(min(kinds), name)
        of_name = {name: sets.find(name) for kinds in accounts.values() for name in kinds}
        of_contact = {contact: of_name[min(kinds)] for contact, kinds in accounts.items() if kinds}
        personal = tuple(
            {of_name[name] for kinds in accounts.values() for name, kind in kinds.items() if kind == wanted}
            for wanted in PERSONAL
        )
        return cls(of_name, of_contact, personal)

    def are_persons(self, groups: set[str], limits: Limits) -> bool:
        return any(len(groups & having) > limits.max_accounts for having in self.personal)

    def node(self, name: str) -> str:
        return self.of_name.get(name, name)


def _joined(kept: Named, limits: Limits) -> tuple[Named, Labels]:
    """Return the identifiers that link, and the label of each (steps 2 to 4)."""
    accounts = {c: {h: kind for h, kind in kinds.items() if kind in ACCOUNTS} for c, kinds in kept.items()}
    details = {c: {h: kind for h, kind in kinds.items() if kind not in ACCOUNTS} for c, kinds in kept.items()}
    groups = _Groups.of(accounts)
    touched = {
        name: {groups.of_contact[c] for c in contacts if c in groups.of_contact}
        | ({groups.of_name[name]} if name in groups.of_name else set())
        for name, contacts in _contacts_of(details).items()
    }
    details = _without(details, {name for name, found in touched.items() if groups.are_persons(found, limits)})
    whole, torn = _persons(details, groups, limits)
    labels = {name: group if whole[group] in torn else whole[group] for name, group in groups.of_name.items()}
    lost = set()
    for name in {name for kinds in details.values() for name in kinds}:
        person = whole[groups.node(name)]
        if person not in torn:
            labels[name] = person
        elif len(touched[name]) > 1:
            lost.add(name)
        else:
            labels[name] = next(iter(touched[name]), name)
    details = _without(details, lost)
    return {c: {**details[c], **accounts[c]} for c in kept}, labels


def _persons(details: Named, groups: _Groups, limits: Limits) -> tuple[Labels, set[str]]:
    """Return the person of each group and detail when all details join, and the persons that are too many in one."""
    sets = UnionFind()
    for group in groups.of_name.values():
        sets.union(group, group)
    for contact, kinds in details.items():
        nodes = [groups.node(name) for name in kinds]
        nodes += [groups.of_contact[contact]] if contact in groups.of_contact else []
        for node in nodes:
            sets.union(nodes[0], node)
    whole = {node: sets.find(node) for node in sets.members}
    within: dict[str, set[str]] = defaultdict(set)
    for group in groups.of_name.values():
        within[whole[group]].add(group)
    n_contacts: dict[str, int] = defaultdict(int)
    for contact, kinds in details.items():
        if contact in groups.of_contact or kinds:
            n_contacts[whole[groups.of_contact.get(contact) or groups.node(min(kinds))]] += 1
    torn = {person for person, n in n_contacts.items() if n > limits.max_contacts}
    many = {person for person, found in within.items() if len(found) > limits.max_groups}
    return whole, torn | many | {person for person, found in within.items() if groups.are_persons(found, limits)}


def _links(
    found: Named, live: Named, labels: Labels, decisions: Decisions, days: dict[tuple[str, str], dt.date]
) -> dict[str, Link]:
    """Return whose each contact is, how sure and why (steps 5 and 6)."""
    strength = KIND_ORDER.index
    owner = {
        contact: labels[min(kinds, key=lambda name: (strength(kinds[name]), name))]
        for contact, kinds in live.items()
        if kinds
    } | {contact: CONTACT + contact for contact in decisions.contacts_out & found.keys()}
    merged = decisions.merged(
        {IDENTIFIER + name: label for name, label in labels.items()}
        | {CONTACT + c: label for c, label in owner.items()}
    )
    person = {label: merged.get(label, label) for label in [*owner.values(), *labels.values()]}
    first: dict[str, tuple[dt.date, int, str]] = {}
    support: dict[tuple[str, str], int] = defaultdict(int)
    for contact, kinds in live.items():
        for name, kind in kinds.items():
            label = person[labels[name]]
            seen = (days[contact, name], strength(kind), name)
            first[label] = min(seen, first.get(label, seen))
            support[label, name] += label == person[owner[contact]]
    result = {}
    for contact, kinds in found.items():
        if contact not in owner:
            result[contact] = Link(None, None, f"shared {reason(kinds.values())}")
            continue
        label = person[owner[contact]]
        who = first[label][2] if label in first else contact_person_id(label.removeprefix(CONTACT))
        mine = {h: kind for h, kind in live.get(contact, {}).items() if person[labels[h]] == label}
        linking = [kind for h, kind in mine.items() if support[label, h] > 1] or list(mine.values())
        by_hand = owner[contact] in merged or not mine or any(h in decisions.identifiers_out for h in mine)
        said = "+".join([part for part in (reason(linking), MANUAL if by_hand else "") if part])
        result[contact] = Link(who, confidence(linking) if linking else 1.0, said)
    return result
