"""Small stories, told in rows: who is joined to whom, and why not."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.identity import Decision, Decisions, Limits, contact_person_id
from analytics.identity.reference import assign
from analytics.schema import ID_KINDS, UNDATED_DAY

DAY = dt.date(2026, 3, 1)


def rows(**contacts: str):
    """Return rows of contacts given as "kind:name kind:name"; all on one day."""
    return [(DAY, contact, *known.split(":")) for contact, said in contacts.items() for known in said.split()]


def people(found) -> set[frozenset[str]]:
    """Return the contacts of each person, and those of nobody one by one."""
    groups: dict[str, set[str]] = {}
    for contact, link in found.items():
        groups.setdefault(link.person_id or f"nobody {contact}", set()).add(contact)
    return {frozenset(group) for group in groups.values()}


def who(limits=Limits(), decisions=(), **contacts: str) -> set[frozenset[str]]:  # noqa: B008
    return people(assign(rows(**contacts), limits, Decisions.of(decisions)))


def groups(*names: str) -> set[frozenset[str]]:
    return {frozenset(name.split()) for name in names}


def test_channels_are_joined_over_several_steps():
    found = who(call="phone:1", app="login:a phone:1", wechat="openid:o unionid:u", later="login:a unionid:u")
    assert found == groups("call app wechat later")


def test_a_family_s_phone_joins_nobody_but_their_logins_do():
    found = who(a1="login:a phone:1", a2="login:a", b1="login:b phone:1", b2="login:b", call="phone:1")
    assert found == groups("a1 a2", "b1 b2", "call")
    links = assign(rows(a1="login:a phone:1", b1="login:b phone:1", call="phone:1"), Limits(), Decisions())
    assert links["call"].person_id is None
    assert links["call"].reason == "shared phone"


def test_more_logins_may_be_allowed():
    said = {"a": "login:a phone:1", "b": "login:b phone:1"}
    assert who(**said) == groups("a", "b")
    assert who(limits=Limits(max_accounts=2), **said) == groups("a b")


def test_a_shop_s_device_does_not_glue_hundreds():
    shop = {f"c{n}": f"phone:{n} device:shop" for n in range(300)}
    assert len(who(**shop)) == 300
    assert len(who(limits=Limits(max_persons=1000), **shop)) == 1


def test_a_phone_of_a_switchboard_with_nothing_else_is_nobody_s_from_some_number_of_contacts_on():
    calls = {f"c{n}": "phone:1" for n in range(11)}
    assert len(who(limits=Limits(max_contacts=10), **calls)) == 11
    assert len(who(limits=Limits(max_contacts=11), **calls)) == 1


def test_a_chain_over_an_account_that_gave_both_phones_is_undone():
    chain = {"a": "login:a phone:1", "w1": "openid:w phone:1", "w2": "openid:w phone:2", "b": "login:b phone:2"}
    assert who(**chain) == groups("a", "b", "w1 w2")


def test_a_long_chain_of_customers_who_gave_each_other_s_phones_is_undone():
    chain = {f"c{n}-{end}": f"customer:{n} phone:{n + end}" for n in range(12) for end in (0, 1)}
    assert len(who(**chain)) == 12
    assert len(who(limits=Limits(max_persons=6), **chain)) == 1


def test_a_number_that_a_source_keeps_for_the_customer_is_an_account_even_if_it_is_a_phone():
    found = who(mine="customer:1 login:a", hers="customer:2 login:b phone:1", call="customer:1 phone:1")
    assert found == groups("mine call", "hers")


def test_the_reason_names_what_links_and_the_confidence_grows_with_it():
    found = assign(rows(a="phone:1 device:d email:x", b="phone:1 device:d", c="email:y"), Limits(), Decisions())
    assert (found["a"].reason, found["a"].confidence) == ("phone+device", pytest.approx(1 - 0.08 * 0.4))
    assert (found["c"].reason, found["c"].confidence) == ("email", 0.95)


def test_a_person_keeps_the_id_of_what_was_seen_first():
    first = [(DAY, "call", "phone", "p")]
    later = [(DAY + dt.timedelta(days=3), "app", "login", "a"), (DAY + dt.timedelta(days=3), "app", "phone", "p")]
    undated = [(UNDATED_DAY, "old", "unionid", "u"), (UNDATED_DAY, "old", "login", "a")]
    ids = {link.person_id for link in assign(first + later + undated, Limits(), Decisions()).values()}
    assert ids == {"p"}


def test_merges_and_what_is_taken_out():
    said = {"a": "login:a", "b": "login:b phone:1", "call": "phone:1"}
    merge, out = Decision("merge", "id:a", "contact:call"), Decision("split", "id:b", "id:1")
    assert who(decisions=[merge], **said) == groups("a b call")
    assert who(decisions=[out], **said) == groups("a", "b", "call")
    assert who(decisions=[merge, out], **said) == groups("a call", "b")
    alone = Decision("split", "id:b", "contact:b")
    found = assign(rows(**said), Limits(), Decisions.of([alone]))
    assert (found["b"].person_id, found["b"].reason, found["b"].confidence) == (contact_person_id("b"), "manual", 1.0)
    assert found["call"].person_id == "1"


@given(st.integers(0, 10_000))
def test_the_order_of_rows_makes_no_difference_and_every_contact_is_told(seed):
    rng = random.Random(seed)
    given_rows = [
        (DAY + dt.timedelta(days=rng.randrange(3)), f"c{number}", kind, f"{kind[:2]}{rng.randrange(6)}")
        for number in range(15)
        for kind in rng.sample(ID_KINDS, rng.randint(1, 3))
    ]
    days = {contact: day for day, contact, _, _ in given_rows}
    given_rows = [(days[contact], contact, kind, name) for _, contact, kind, name in given_rows]
    shuffled = rng.sample(given_rows, len(given_rows))
    limits = Limits(max_persons=rng.randint(1, 4), max_contacts=rng.randint(2, 15))
    found = assign(given_rows, limits, Decisions())
    assert found == assign(shuffled, limits, Decisions())
    assert set(found) == set(days)
    for contact, link in found.items():
        assert (link.person_id is None) == link.reason.startswith("shared") == (link.confidence is None), contact
