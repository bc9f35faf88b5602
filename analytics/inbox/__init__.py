"""The inbox: alerts for people, what people did with them, and what is still to be sent."""

from analytics.inbox.records import PERSON_STATES, STATES, Alert, Delivery, NewAlert
from analytics.inbox.store import Inbox

__all__ = ["PERSON_STATES", "STATES", "Alert", "Delivery", "Inbox", "NewAlert"]
