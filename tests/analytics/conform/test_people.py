import datetime as dt

import pandas as pd

from analytics.conform.people import identifiers, person_id
from analytics.schema import ID_KINDS


def test_one_number_in_every_spelling_is_one_person() -> None:
    spellings = ["13800138000", "+86 13800138000", "86-138-0013-8000", "138 0013 8000", "１３８００１３８０００"]
    assert len({person_id(number) for number in spellings}) == 1


def test_other_customers_are_other_persons_and_another_key_gives_other_ids() -> None:
    assert person_id("C001") == person_id(" c001 ") != person_id("C002")
    assert person_id("C001", "secret") != person_id("C001")
    assert "13800138000" not in person_id("13800138000")
    assert len(person_id("C001")) == 16


def test_no_customer_is_no_person() -> None:
    heads = pd.DataFrame({**dict.fromkeys(ID_KINDS), "contact_id": ["1", "2", "3"], "customer": ["a", None, "a"]})
    found = identifiers(heads, pd.Series([dt.date(2026, 1, 1)] * 3))
    assert found["contact_id"].tolist() == ["1", "3"]
    assert found["id_hash"].tolist() == [person_id("a")] * 2
    assert set(found["id_kind"]) == {"customer"}
