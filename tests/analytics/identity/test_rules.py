from hypothesis import given
from hypothesis import strategies as st

from analytics.identity import KIND_ORDER, confidence, reason
from analytics.identity.rules import ACCOUNTS, COUNTED, PERSONAL, RELIABILITY
from analytics.schema import ID_KINDS

KINDS = st.sets(st.sampled_from(KIND_ORDER), min_size=1)


def test_every_kind_has_a_place_and_a_strength():
    assert set(KIND_ORDER) == set(ID_KINDS) == set(RELIABILITY)
    assert KIND_ORDER[: len(ACCOUNTS)] == ACCOUNTS
    assert set(PERSONAL) < set(ACCOUNTS) < set(COUNTED)


@given(KINDS, KINDS)
def test_more_kinds_are_surer(some, more):
    assert 0 < confidence(some) <= confidence(some | more) < 1
    assert confidence([*some, *some]) == confidence(some)


@given(KINDS)
def test_the_reason_names_each_kind_once_in_order(kinds):
    said = reason(kinds).split("+")
    assert set(said) == kinds
    assert said == sorted(said, key=KIND_ORDER.index)
