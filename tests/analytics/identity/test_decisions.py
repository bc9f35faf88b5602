from analytics.identity import Decision, Decisions


def test_decisions_are_sorted_by_what_they_do_and_their_order_makes_no_difference():
    made = [
        Decision("merge", "id:a", "contact:c1"),
        Decision("split", "id:a", "contact:c2"),
        Decision("split", "id:a", "id:b"),
    ]
    assert Decisions.of(made) == Decisions.of(reversed(made))
    found = Decisions.of(made)
    assert (found.contacts_out, found.identifiers_out) == ({"c2"}, {"b"})
    assert found.named == {"id:a", "contact:c1"}


def test_merges_chain_and_what_is_gone_is_left_out():
    found = Decisions(merges=(("id:a", "id:b"), ("id:b", "id:c"), ("id:d", "id:gone"), ("id:e", "id:e2")))
    labels = {"id:a": "A", "id:b": "B", "id:c": "C", "id:d": "D", "id:e": "E", "id:e2": "E"}
    assert found.merged(labels) == {"A": "A", "B": "A", "C": "A"}
