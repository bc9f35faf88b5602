"""Every form of personal data in made-up sentences that know nothing of the rules; see `benchmarks.masking`."""

from __future__ import annotations

from collections import Counter

import pytest

from analytics.text.redact import redact
from benchmarks.masking_sentences import near_misses, sentences, survives

SENTENCES = tuple(sentences(8, seed=11))


@pytest.mark.parametrize(
    ("kinds", "bound"),
    [
        (("phone",), 0.99),
        (("identity", "card", "plate"), 0.99),
        (("e-mail", "account"), 0.99),
        (("order", "parcel"), 0.99),
        (("name",), 0.9),
        (("address",), 0.9),
    ],
)
def test_recall(kinds: tuple[str, ...], bound: float) -> None:
    asked = [sentence for sentence in SENTENCES if sentence.kind in kinds]
    missed = Counter(sentence.form for sentence in asked if survives(sentence, redact(sentence.text)))
    assert len(asked) >= 24 and 1 - missed.total() / len(asked) >= bound, missed


def test_models_prices_dates_and_short_numbers_stay() -> None:
    masked = [sentence.form for sentence in near_misses(400, seed=11) if redact(sentence.text) != sentence.text]
    assert len(masked) <= 2, masked


def test_survival_is_seen_in_part_and_in_whole() -> None:
    by_kind = {sentence.kind: sentence for sentence in SENTENCES}
    assert all(survives(sentence, sentence.text) for sentence in by_kind.values())
    phone, name = by_kind["phone"], by_kind["name"]
    assert survives(phone, phone.frame + phone.secret[-8:]) and not survives(phone, phone.frame + "[手机]")
    assert survives(name, name.frame + name.secret[0]) and not survives(name, name.frame + "[姓名]")
