from analytics.conform import REASONS, ROLES
from analytics.names import REASON_NAMES, ROLE_NAMES


def test_every_reason_and_role_has_a_name_that_a_person_reads() -> None:
    assert sorted(REASON_NAMES) == sorted(REASONS)
    assert sorted(ROLE_NAMES) == sorted(ROLES)
