"""The inbox: alerts for people, what became of them, what people did with them, and what is still to be sent."""

from analytics.inbox.evidence import Evidence, Verbatim
from analytics.inbox.message import Context, dip_alert, spike_alert
from analytics.inbox.policy import Policy, Rule
from analytics.inbox.records import (
    PERSON_STATES,
    REASONS,
    STATES,
    SYSTEM,
    SYSTEM_KIND,
    Alert,
    Comment,
    Delivery,
    Event,
    Matter,
    Mute,
    NewAlert,
)
from analytics.inbox.store import Inbox
from analytics.inbox.trouble import Trouble, trouble_alert

__all__ = [
    "PERSON_STATES",
    "REASONS",
    "STATES",
    "SYSTEM",
    "SYSTEM_KIND",
    "Alert",
    "Comment",
    "Context",
    "Delivery",
    "Event",
    "Evidence",
    "Inbox",
    "Matter",
    "Mute",
    "NewAlert",
    "Policy",
    "Rule",
    "Trouble",
    "Verbatim",
    "dip_alert",
    "spike_alert",
    "trouble_alert",
]
