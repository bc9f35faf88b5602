"""The inbox: alerts for people, what people did with them, and what is still to be sent."""

from analytics.inbox.evidence import Evidence, Verbatim
from analytics.inbox.message import Context, dip_alert, spike_alert
from analytics.inbox.records import PERSON_STATES, STATES, Alert, Delivery, NewAlert
from analytics.inbox.store import Inbox

__all__ = [
    "PERSON_STATES",
    "STATES",
    "Alert",
    "Context",
    "Delivery",
    "Evidence",
    "Inbox",
    "NewAlert",
    "Verbatim",
    "dip_alert",
    "spike_alert",
]
