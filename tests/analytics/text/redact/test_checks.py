import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.text.redact.checks import is_bank_card, is_hong_kong_id, is_resident_id, is_taiwan_id


@given(st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_no_bank_card(place: int, step: int) -> None:
    card = "4111111111111111"
    wrong = card[:place] + str((int(card[place]) + step) % 10) + card[place + 1 :]
    assert is_bank_card(card) and not is_bank_card(wrong)


@given(st.integers(14, 16), st.integers(1, 9))
def test_one_wrong_digit_is_no_resident_id(place: int, step: int) -> None:
    number = "11010519491231002x"
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert is_resident_id(number) and not is_resident_id(wrong)


@pytest.mark.parametrize(
    "number", ["11010519491331002x", "99010519491231002x", "1101051949123100", "11010519491231002"]
)
def test_no_resident_id_without_region_date_and_length(number: str) -> None:
    assert not is_resident_id(number)


@given(st.integers(0, 9))
def test_one_check_fits_the_letter_and_digits(check: int) -> None:
    assert is_hong_kong_id(f"a123456({check})") is (check == 3)
    assert is_taiwan_id(f"a12345678{check}") is (check == 9)
