"""Topics and their course."""

from __future__ import annotations

from analytics.schema.table import (
    BOOL,
    CHANNEL_COLUMN,
    DAY,
    DAY_COLUMN,
    INT,
    MOOD_COUNTS,
    REAL,
    TEXT,
    TEXTS,
    Column,
    Table,
)

TOPIC_STATES = ("provisional", "active", "dormant", "merged")
TOPIC_EVENTS = ("born", "promoted", "merged", "unmerged", "split", "dormant", "revived", "renamed")

TABLES = (
    Table(
        "topic",
        "one topic, for ever",
        (
            Column("topic_id", TEXT, "never reused"),
            Column("label", TEXT, "name a person reads"),
            Column("words", TEXTS, "most telling words, best first"),
            Column("state", TEXT, "provisional (not lasted yet), active, dormant or merged"),
            Column("first_seen", DAY, "local day; null in undated data"),
            Column("last_seen", DAY, "local day"),
            Column("touchpoint", TEXT, "touchpoint most of its contacts have"),
            Column("n_contacts", INT, "contacts in it, all days"),
            Column("merged_into", TEXT, "the topic that a person or a refit made it part of; null otherwise"),
            Column("sibling", TEXT, "the topic nearest to it in BERTopic's hierarchy; null where there is none"),
            Column("pinned", BOOL, "a person keeps it: never merged, retired or renamed by a refit"),
            Column("hidden", BOOL, "a person left it out of lists; its contacts still count"),
        ),
        ("topic_id",),
        by_day=False,
    ),
    Table(
        "topic_event",
        "what happened to a topic",
        (
            DAY_COLUMN,
            Column("topic_id", TEXT, "topic"),
            Column("event", TEXT, "born, promoted, merged, unmerged, split, dormant, revived or renamed"),
            Column("other_topic_id", TEXT, "the other topic of a merge or split"),
            Column("detail", TEXT, "what shows it, in Chinese: counts against expected ones, or who decided and why"),
            Column("contact_ids", TEXTS, "some of the contacts that show it, best first"),
        ),
        ("day", "topic_id", "event", "other_topic_id"),
        by_day=False,
    ),
    Table(
        "topic_birth",
        "topic that emerged by itself, on the day it did (topics of a first fit have no rows)",
        (
            DAY_COLUMN,
            Column("topic_id", TEXT, "the topic that was made of it"),
            Column("n_texts", INT, "different texts of the day: what was tested"),
            Column("expected", REAL, "texts that would have come, had it been said as often as before"),
            Column("p_value", REAL, "that an ordinary day brings as many; corrected for all that was tested that day"),
            Column("phrases", TEXTS, "what they say, in most texts first"),
            Column("contact_ids", TEXTS, "the contacts that say it, those with most of the phrases first"),
        ),
        ("day", "topic_id"),
    ),
    Table(
        "topic_segment",
        "matter of a contact that has several (contacts with one matter have no rows)",
        (
            DAY_COLUMN,
            Column("contact_id", TEXT, "contact"),
            Column("segment", INT, "0 = the main matter, the contact's topic_id"),
            Column("topic_id", TEXT, "topic of the matter"),
            Column("topic_similarity", REAL, "cosine of the segment's text to the topic, -1 to 1"),
            Column("first_turn", INT, "first customer turn about it"),
            Column("last_turn", INT, "last customer turn about it"),
        ),
        ("contact_id", "segment"),
    ),
    Table(
        "topic_day",
        "day x topic x channel x product",
        (
            DAY_COLUMN,
            Column("topic_id", TEXT, "'' = no topic (其他)"),
            CHANNEL_COLUMN,
            Column("product", TEXT, "product; '' = none given"),
            Column("n_contacts", INT, "contacts"),
            Column("n_total", INT, "contacts of that day, channel and product in all topics"),
            Column("share", REAL, "n_contacts / n_total, 0 to 1"),
            Column("share_low", REAL, "Wilson 95 %"),
            Column("share_high", REAL, "Wilson 95 %"),
            *MOOD_COUNTS,
            Column("sentiment_mean", REAL, "mean score of the contacts with a mood, the sum of the three counts"),
            Column("sentiment_low", REAL, "95 % interval of the mean; null below two contacts"),
            Column("sentiment_high", REAL, "95 % interval of the mean; null below two contacts"),
        ),
        ("day", "topic_id", "channel", "product"),
    ),
    Table(
        "word",
        "a term found by itself on a day (new-word discovery)",
        (
            DAY_COLUMN,
            Column("word", TEXT, "the term"),
            Column("parts", TEXTS, "what the segmenter cuts it into"),
            Column("n_contacts", INT, "contacts of the day with it"),
            Column("cohesion", REAL, "pointwise mutual information of its weakest joint, bits"),
            Column("freedom", REAL, "the smaller branching entropy of its two sides, bits"),
            Column("usual", REAL, "contacts a day that said it before"),
            Column("p_value", REAL, "that chance alone brings so many, under the usual count"),
        ),
        ("day", "word"),
    ),
)
