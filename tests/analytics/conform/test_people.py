import pandas as pd

from analytics.conform.people import person_id, person_ids


def test_one_number_in_every_spelling_is_one_person() -> None:
    spellings = ["13800138000", "+86 13800138000", "86-138-0013-8000", "138 0013 8000", "１３８００１３８０００"]
    assert len({person_id(number) for number in spellings}) == 1


def test_other_customers_are_other_persons_and_another_key_gives_other_ids() -> None:
    assert person_id("C001") == person_id(" c001 ") != person_id("C002")
    assert person_id("C001", "secret") != person_id("C001")
    assert "13800138000" not in person_id("13800138000")
    assert len(person_id("C001")) == 16


def test_no_customer_is_no_person() -> None:
    assert person_ids(pd.Series(["a", None, "a"], dtype=object)).tolist() == [person_id("a"), None, person_id("a")]
