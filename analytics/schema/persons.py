"""What is said of persons: tags by declared rules."""

from __future__ import annotations

from analytics.schema.table import DAY, INT, TEXT, TEXTS, TIME, Column, Table, columns_of

TABLES = (
    Table(
        "person_tag",
        "one tag of a person on a day of a contact of theirs",
        (
            Column("day", DAY, "local day by whose end the person was judged, the partition"),
            Column("person_id", TEXT, "keyed hash"),
            Column("tag", TEXT, "name of the rule"),
            Column("value", TEXT, "what the tag says: a number, a channel"),
            Column("since", TIME, "start of the first contact behind it, UTC"),
            Column("n_contacts", INT, "contacts behind it, = length of contact_ids"),
            Column("contact_ids", TEXTS, "contacts behind it, in order of time"),
            Column("detail", TEXT, "one sentence for people, by the rule; never words of a customer"),
        ),
        ("day", "person_id", "tag"),
    ),
    Table(
        "tag",
        "one tag that a rule gives",
        (
            *columns_of(
                TEXT, tag="its name in the rule file", label="as shown to people", description="what it is for"
            ),
            Column("window_days", INT, "days looked at; a tag whose person is silent as long has ended"),
        ),
        ("tag",),
        by_day=False,
    ),
)
