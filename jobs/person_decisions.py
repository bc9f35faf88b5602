"""What `kesheng person …` does: say who a person is, keep decisions, and say which days to run again."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Iterable

from analytics.errors import ConfigError
from analytics.identity import Decision
from analytics.identity.decisions import CONTACT, IDENTIFIER
from analytics.identity.rules import KIND_ORDER
from analytics.inbox.people import MadeDecision, PersonDecisions, Signature
from analytics.settings import Settings, load_settings
from analytics.text.redact import redact
from jobs.pending import windows_of
from jobs.person_key import with_person_key
from jobs.person_lookup import PersonLookup, nobody, person_lookup

_MAX_PERSONS, _MAX_CONTACTS, _MAX_TAG_CONTACTS = 5, 50, 5


def describe(key: str) -> str:
    """Return the persons of a key as text: contacts with confidence and reason, identifiers as kind:hash.

    Raises
    ------
    ConfigError
        If nobody is known by the key.
    """
    with person_lookup(_settings()) as lookup:
        persons = lookup.persons_of(key)
        if not persons:
            contacts = _unlinked(lookup, key)
            if not contacts:
                raise nobody()
            return "\n".join(["不属于任何人的联络：", *contacts])
        parts = [_described(lookup, person) for person in persons[:_MAX_PERSONS]]
    more = len(persons) - _MAX_PERSONS
    return "\n\n".join(parts + ([f"另有 {more} 人也使用它"] if more > 0 else []))


def decide_merge(one: str, other: str, why: str, by: str | None) -> str:
    """Keep that two persons are one; return what to do next.

    Raises
    ------
    ConfigError
        If a key names nobody or several, or both name the same person.
    """
    settings = _settings()
    with person_lookup(settings) as lookup:
        left, right = lookup.the_one(one), lookup.the_one(other)
    if left.person_id == right.person_id:
        raise ConfigError(f"person merge: both keys already name person {left.person_id}; nothing was changed")
    made = _keep(
        settings, Decision("merge", left.reference, right.reference), (left.person_id, right.person_id), why, by
    )
    return f"决定 {made}：{left.person_id} 与 {right.person_id} 是同一人\n{_next([*left.days, *right.days])}"


def decide_split(key: str, contact: str | None, identifier: str | None, why: str, by: str | None) -> str:
    """Keep that a contact or an identifier is not this person's; return what to do next.

    Raises
    ------
    ConfigError
        If not just one of the two is given, or it is not the person's.
    """
    if (contact is None) == (identifier is None):
        raise ConfigError("person split: give either --contact or --identifier")
    settings = _settings()
    with person_lookup(settings) as lookup:
        person = lookup.the_one(key)
        if contact is not None:
            _check_contact(lookup, person.person_id, contact)
            out = CONTACT + contact
        else:
            out = IDENTIFIER + _own_hash(lookup, person.person_id, identifier or "")
    made = _keep(settings, Decision("split", person.reference, out), (person.person_id, None), why, by)
    return f"决定 {made}：从 {person.person_id} 中分出\n{_next(person.days)}"


def withdraw(decision_id: int) -> str:
    """Withdraw a decision; return what to do next."""
    settings = _settings()
    decisions = PersonDecisions(settings.inbox_url)
    made = decisions.withdraw(decision_id, dt.datetime.now(dt.UTC))
    decisions.close()
    with person_lookup(settings) as lookup:
        days = [day for person in (made.left_person, made.right_person) for day in _days_of(lookup, person)]
        days += [day for ref in (made.left, made.right) for day in _days_of_reference(lookup, ref)]
    return f"决定 {made.decision_id} 已撤回\n{_next(days)}"


def listed() -> str:
    """Return all decisions, one a line."""
    decisions = PersonDecisions(_settings().inbox_url)
    made = decisions.all()
    decisions.close()
    return "\n".join(_line(decision) for decision in made) or "还没有人工决定"


def _settings() -> Settings:
    return with_person_key(load_settings())


def _keep(settings: Settings, decision: Decision, persons: tuple[str, str | None], why: str, by: str | None) -> int:
    signed = Signature(by=by or getpass.getuser(), at=dt.datetime.now(dt.UTC), why=redact(why))
    decisions = PersonDecisions(settings.inbox_url)
    number = decisions.make(decision, signed, left_person=persons[0], right_person=persons[1])
    decisions.close()
    return number


def _next(days: Iterable[dt.date]) -> str:
    windows = windows_of(days)
    lines = [f"  kesheng run --day {window.first} --to {window.last}" for window in windows]
    return "\n".join(["重跑这些天后生效：", *lines] if lines else ["下一次 kesheng run 后生效"])


def _described(lookup: PersonLookup, person: str) -> str:
    contacts = lookup.rows(
        "SELECT day, contact_id, person_confidence, person_reason FROM contact_person WHERE person_id = $person"
        " ORDER BY day, contact_id",
        person=person,
    )
    kinds = lookup.rows(
        "SELECT id_kind, id_hash, count(DISTINCT contact_id), min(day), max(day) FROM contact_identifier"
        " WHERE contact_id IN (SELECT contact_id FROM contact_person WHERE person_id = $person)"
        " GROUP BY 1, 2 ORDER BY list_position($kinds, id_kind), 3 DESC, 2",
        person=person,
        kinds=list(KIND_ORDER),
    )
    lines = [f"person {person}：{len(contacts)} 个联络", *_tag_lines(lookup, person)]
    lines += [f"  {day}  {contact}  {_cut(sure)}  {reason}" for day, contact, sure, reason in contacts[:_MAX_CONTACTS]]
    lines += [f"  …… 另有 {len(contacts) - _MAX_CONTACTS} 个联络"] if len(contacts) > _MAX_CONTACTS else []
    lines += [f"  {kind}:{name}  {n} 个联络  {first} 至 {last}" for kind, name, n, first, last in kinds]
    return "\n".join(lines)


def _tag_lines(lookup: PersonLookup, person: str) -> list[str]:
    """Return the tags of the person's last judged day, each with the contacts behind it."""
    tags = lookup.rows(
        "SELECT t.day, coalesce(tag.label, t.tag), t.detail, t.contact_ids FROM person_tag t LEFT JOIN tag USING (tag)"
        " WHERE person_id = $person AND t.day = (SELECT max(day) FROM contact_person WHERE person_id = $person)"
        " ORDER BY t.tag",
        person=person,
    )
    lines = []
    for day, label, detail, contacts in tags:
        ids = [str(contact) for contact in contacts] if isinstance(contacts, list) else []
        behind = "、".join(ids[:_MAX_TAG_CONTACTS]) + (" 等" if len(ids) > _MAX_TAG_CONTACTS else "")
        lines.append(f"  标签 {label}（{day}，{detail}）：{behind}")
    return lines


def _cut(sure: object) -> str:
    """Return a confidence with two digits; only what a person decided is 1.00."""
    return f"{int(float(str(sure)) * 100) / 100:.2f}"


def _unlinked(lookup: PersonLookup, key: str) -> list[str]:
    found = lookup.rows(
        "SELECT day, contact_id, person_reason FROM contact_person WHERE contact_id = $key OR (person_id IS NULL AND"
        " contact_id IN (SELECT contact_id FROM contact_identifier WHERE list_contains($hashes, id_hash)))"
        " ORDER BY day, contact_id",
        key=key,
        hashes=lookup.hashes(key),
    )
    return [f"  {day}  {contact}  {reason}" for day, contact, reason in found[:_MAX_CONTACTS]]


def _check_contact(lookup: PersonLookup, person: str, contact: str) -> None:
    query = "SELECT 1 FROM contact_person WHERE person_id = $person AND contact_id = $contact"
    if not lookup.rows(query, person=person, contact=contact):
        raise ConfigError(f"person split: --contact: expected a contact of person {person}, got {contact!r}")


def _own_hash(lookup: PersonLookup, person: str, identifier: str) -> str:
    kind, _, name = identifier.partition(":")
    query = (
        "SELECT 1 FROM contact_identifier WHERE id_kind = $kind AND id_hash = $name AND contact_id IN"
        " (SELECT contact_id FROM contact_person WHERE person_id = $person) LIMIT 1"
    )
    if not lookup.rows(query, kind=kind, name=name, person=person):
        raise ConfigError(
            f"person split: --identifier: expected kind:hash as kesheng person show {person} prints it;"
            " got another text (a phone or account itself must not stand in a command's history)"
        )
    return name


def _days_of(lookup: PersonLookup, person: str | None) -> list[dt.date]:
    query = "SELECT DISTINCT day FROM contact_person WHERE person_id = $person"
    return [day for (day,) in lookup.rows(query, person=person) if isinstance(day, dt.date)]


def _days_of_reference(lookup: PersonLookup, reference: str) -> list[dt.date]:
    """Return the days of the person that a decision's reference belongs to now."""
    query = (
        "SELECT DISTINCT day FROM contact_person WHERE person_id IN (SELECT person_id FROM contact_person WHERE"
        " contact_id = $contact OR contact_id IN (SELECT contact_id FROM contact_identifier WHERE id_hash = $name))"
    )
    given = {
        "contact": reference.removeprefix(CONTACT) if reference.startswith(CONTACT) else "",
        "name": reference.removeprefix(IDENTIFIER) if reference.startswith(IDENTIFIER) else "",
    }
    return [day for (day,) in lookup.rows(query, **given) if isinstance(day, dt.date)]


def _line(made: MadeDecision) -> str:
    state = f"，{made.withdrawn_at:%Y-%m-%d %H:%M} 撤回" if made.withdrawn_at else ""
    return (
        f"{made.decision_id}  {made.kind}  {made.left}  {made.right}"
        f"  {made.made_at:%Y-%m-%d %H:%M} UTC  {made.made_by}：{made.why}{state}"
    )
