"""A work order in words: title, what the customer wants, and the reply."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.simulate.chat import question
from analytics.simulate.contact import Contact
from analytics.simulate.frames import draw
from analytics.simulate.grammar import Grammar
from analytics.simulate.handwriting import Hand

_MEDIAN_HOURS = 5.0


@dataclass(frozen=True, slots=True)
class Order:
    """What a work order says, and how many seconds it stayed open."""

    title: str
    content: str
    reply: str
    open_seconds: float


def write_order(contact: Contact, grammar: Grammar) -> Order:
    """Put a contact into the words of a work order."""
    rng, slots, mood = contact.rng, contact.slots, contact.mood
    rnd, talk = rng.random, grammar.talk["order"]
    parts = [question(contact, grammar.talk["customer"], contact.topic.ask, set())]
    if rnd() < 0.5:
        parts.append(draw(contact.topic.follow[mood], slots, rnd))
    if rnd() < 0.7:
        parts.append(draw(talk[f"demand_{mood}"], slots, rnd))
    text = "。".join(part.rstrip("？?，") for part in parts)
    if contact.head.channel == "phone":
        content = draw(talk["by_phone"], slots, rnd) + text
    else:
        content = Hand(contact.person, contact.head.channel, grammar.noise, rng).write(text, mood)
    answer = draw(contact.topic.agent, slots, rnd)
    reply = draw(talk["reply"], {"answer": answer}, rnd)
    return Order(
        title=draw(contact.topic.titles, slots, rnd),
        content=content,
        reply=reply,
        open_seconds=3600.0 * min(71.0, max(0.2, rng.lognormvariate(0.0, 0.8) * _MEDIAN_HOURS)),
    )
