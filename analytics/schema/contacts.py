"""Contacts, their turns, and what the language jobs say of each."""

from __future__ import annotations

from analytics.schema.table import BOOL, DAY_COLUMN, INT, INTS, REAL, TEXT, TEXTS, TIME, Column, Table, columns_of

_COURSE = (
    ("sentiment_first", REAL, "score with which the customer came"),
    ("sentiment_last", REAL, "score with which the customer left"),
    ("sentiment_lowest", REAL, "lowest score of a turn"),
    ("sentiment_change", REAL, "last minus first; null with one customer turn"),
    ("mood_course", TEXT, "one of schema.COURSES; null with one customer turn"),
)
"""How a customer's mood went through a contact."""

TABLES = (
    Table(
        "contact",
        "one call, chat session, work order or review",
        (
            DAY_COLUMN,
            *columns_of(
                TEXT,
                contact_id="unique over all sources",
                source="name of the source it was collected from",
                kind="call, chat, work_order or review",
                channel="phone, app, web, wechat, weibo or a source's own",
                agent_id="agent who answered",
                team="agent's team",
                product="product the contact is about",
                category="the source's own class of it, a work order's category",
                status="work orders: open, pending, closed or reopened; null when the source says none",
                tier="the customer's level in the source's own words: vip, 钻石会员; null when it says none",
            ),
            *columns_of(
                TIME, started_at="UTC", ended_at="UTC", due_at="time limit of a work order, UTC; null when none"
            ),
            Column("n_reopened", INT, "times a work order was opened again after it was closed; null when unknown"),
            Column("n_transfers", INT, "times the customer was handed on to somebody else; null when unknown"),
            Column("n_turns", INT, "turns of everybody"),
            Column("n_customer_turns", INT, "turns of the customer"),
            Column(
                "first_response_seconds",
                REAL,
                "calls and chats: from the customer's first turn to the agent's first turn after it",
            ),
            Column(
                "mean_response_seconds", REAL, "calls and chats: mean wait of a customer turn for the next agent turn"
            ),
            Column("rating", REAL, "stars or CSAT as the source gives it; null when none"),
            Column("title", TEXT, "masked title of a review or work order"),
            Column("file", TEXT, "landing file it came from"),
            Column("position", INT, "row in that file, from 1; of the first row for a grouped contact"),
            Column("sentiment_score", REAL, "P(positive) - P(negative), -1 to 1", later=True),
            Column("sentiment_label", TEXT, "negative, neutral or positive; null without a customer turn", later=True),
            *(Column(name, kind, doc, later=True) for name, kind, doc in _COURSE),
            Column("topic_id", TEXT, "null where no topic fits (其他)", later=True),
            Column("touchpoint", TEXT, "one of data/taxonomy.toml; null when unknown", later=True),
            Column("person_id", TEXT, "keyed hash of who is speaking; null when unknown", later=True),
            Column("person_confidence", REAL, "that the contact is this person's, 0 to 1", later=True),
            Column("person_reason", TEXT, "kinds of identifiers that link it, as phone+openid", later=True),
            Column("flag", TEXT, "spam, brushing or advertising; null for a customer's own voice", later=True),
        ),
        ("contact_id",),
    ),
    Table(
        "utterance",
        "one turn",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("turn", INT, "from 0, in order of time"),
            Column("speaker", TEXT, "customer, agent, bot or system; null when the source does not say"),
            Column("said_at", TIME, "UTC; null when the source has no time"),
            Column("text", TEXT, "masked, as written (Traditional stays Traditional)"),
            Column("text_simplified", TEXT, "masked, normalised, Simplified: what the analysis reads"),
            Column("ended_at", TIME, "UTC; when the turn ended, null when the source does not say"),
            Column("confidence", REAL, "of speech recognition, 0 to 1; null when the source has none"),
            Column("file", TEXT, "landing file it came from"),
            Column("position", INT, "row or record in that file, from 1"),
            Column("is_template", BOOL, "whether the turn is a ready-made text, not somebody's words", later=True),
            Column("sentiment_score", REAL, "customer turns only", later=True),
            Column("sentiment_label", TEXT, "customer turns only", later=True),
        ),
        ("contact_id", "turn"),
    ),
    Table(
        "token",
        "one customer turn, cut into words",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("turn", INT, "turn"),
            Column("tokens", TEXTS, "words in order, punctuation left out"),
            Column("breaks", INTS, "places in tokens, from 1 up, at which a clause begins: no word runs over them"),
        ),
        ("contact_id", "turn"),
        published=False,
    ),
    Table(
        "turn_mood",
        "mood of one customer turn",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("turn", INT, "turn"),
            Column("sentiment_score", REAL, "P(positive) - P(negative)"),
            Column("sentiment_label", TEXT, "negative, neutral or positive"),
        ),
        ("contact_id", "turn"),
        published=False,
    ),
    Table(
        "turn_template",
        "one turn that is a ready-made text",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("turn", INT, "turn"),
            Column("is_template", BOOL, "always true; other turns have no row"),
        ),
        ("contact_id", "turn"),
        published=False,
    ),
    Table(
        "category_hit",
        "one place where a contact meets a category's rule",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("category", TEXT, "category"),
            Column("turn", INT, "turn"),
            Column("start", INT, "first character of the evidence in utterance.text, from 0"),
            Column("stop", INT, "after its last character"),
            Column("confidence", REAL, "0 to 1; of a rule alone 1"),
        ),
        ("contact_id", "category", "turn", "start"),
    ),
    Table(
        "category",
        "one category of contacts that a rule finds",
        (
            *columns_of(
                TEXT,
                category="its name in the rule file",
                label="as shown to people",
                kind="strong (a mood that operations must see) or category",
                severity="high, medium or low",
                description="what it is for",
            ),
        ),
        ("category",),
        by_day=False,
    ),
    Table(
        "contact_flag",
        "why a contact is not taken for a customer's own voice; others have no row",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("flag", TEXT, "spam, brushing or advertising"),
            Column("flag_reason", TEXT, "what gave it away, never its words"),
        ),
        ("contact_id",),
        published=False,
    ),
    Table(
        "contact_identifier",
        "one thing by which the customer of a contact can be known",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("id_kind", TEXT, "phone, email, unionid, openid, device, order, login or customer"),
            Column("id_hash", TEXT, "keyed hash of the normalised value"),
        ),
        ("contact_id", "id_kind", "id_hash"),
        published=False,
    ),
    Table(
        "contact_person",
        "whose contact it is",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("person_id", TEXT, "keyed hash"),
            Column("person_confidence", REAL, "0 to 1"),
            Column("person_reason", TEXT, "kinds of identifiers that link it, as phone+openid"),
        ),
        ("contact_id",),
        published=False,
    ),
    Table(
        "contact_mood",
        "mood of one contact",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("sentiment_score", REAL, "P(positive) - P(negative)"),
            Column("sentiment_label", TEXT, "negative, neutral or positive"),
            *(Column(*column) for column in _COURSE),
        ),
        ("contact_id",),
        published=False,
    ),
    Table(
        "contact_topic",
        "topic and touchpoint of one contact",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("topic_id", TEXT, "null where none fits"),
            Column("topic_similarity", REAL, "cosine to the topic's centre"),
            Column("touchpoint", TEXT, "null when unknown"),
        ),
        ("contact_id",),
        published=False,
    ),
)
