"""A call as a recogniser writes it down: who spoke when, without punctuation."""

from __future__ import annotations

from analytics.simulate.chat import question
from analytics.simulate.contact import Contact
from analytics.simulate.frames import Frames, draw_unsaid
from analytics.simulate.grammar import Grammar
from analytics.simulate.recogniser import recognise, speaking_seconds, spoken_number

Segment = dict[str, str | float]
"""speaker, start, end (seconds after the call began), text."""


class _Call:
    """A call as it grows."""

    def __init__(self, contact: Contact, grammar: Grammar) -> None:
        self.contact, self.grammar = contact, grammar
        self.rnd = contact.rng.random
        self.said: set[str] = set()
        self.clock = contact.wait_seconds
        self.segments: list[Segment] = []

    def fill(self, frames: Frames) -> str:
        return draw_unsaid(frames, self.contact.slots, self.rnd, self.said)

    def say(self, speaker: str, text: str, pause_seconds: float = 0.0, *, fillers: bool = True) -> None:
        hesitates = fillers and speaker == "customer"
        heard = recognise(text, self.grammar.noise, self.contact.rng, fillers=hesitates)
        start = self.clock + pause_seconds + 0.2 + 0.9 * self.rnd()
        self.clock = start + speaking_seconds(heard)
        self.segments.append({"speaker": speaker, "start": round(start, 2), "end": round(self.clock, 2), "text": heard})


def call_segments(contact: Contact, grammar: Grammar) -> list[Segment]:
    """Return the segments of a call in order of time."""
    call = _Call(contact, grammar)
    spoken, fill, rnd = grammar.talk["spoken"], call.fill, call.rnd
    call.say("agent", fill(spoken["agent_greet"]))
    if rnd() < 0.5:
        call.say("customer", fill(spoken["customer_hello"]))
    call.say("customer", question(contact, grammar.talk["customer_spoken"], contact.topic.ask_spoken, call.said))
    if rnd() < 0.35:
        call.say("agent", "嗯您说")
        call.say("customer", fill(contact.topic.ask_spoken[contact.first_mood]))
    if contact.first_mood == "negative" and rnd() < 0.6:
        call.say("agent", fill(spoken["agent_comfort"]))
    looks_up = rnd() < 0.7
    if looks_up:
        call.say("agent", fill(spoken["agent_ask"]))
        mobile = contact.person.mobile
        told = fill(spoken["customer_number"])
        call.say("customer", told.replace(mobile, spoken_number(mobile, contact.rng)))
        call.say("agent", fill(spoken["agent_hold"]))
    call.say(
        "agent", fill(contact.topic.agent), pause_seconds=(6.0 + 40.0 * rnd() * rnd()) if looks_up else 4.0 * rnd()
    )
    _rounds(call)
    _close(call)
    return call.segments


def _rounds(call: _Call) -> None:
    contact, talk, rnd = call.contact, call.grammar.talk, call.rnd
    mood = contact.mood
    acks = talk["spoken"]["agent_ack_negative" if mood == "negative" else "agent_ack_neutral"]
    for _ in range(1 + (rnd() < 0.5) + (rnd() < 0.4)):
        if rnd() < 0.3 and mood != "negative":
            call.say("customer", call.fill(talk["spoken"]["customer_short"]))
        else:
            own = rnd() < 0.75
            call.say(
                "customer",
                call.fill(contact.topic.follow_spoken[mood] if own else talk["customer_spoken"][f"follow_{mood}"]),
            )
        call.say("agent", call.fill(contact.topic.agent if rnd() < 0.6 else acks))


def _close(call: _Call) -> None:
    spoken, rnd = call.grammar.talk["spoken"], call.rnd
    if rnd() < 0.6:
        call.say("agent", call.fill(spoken["agent_more"]))
    calm = call.contact.mood == "negative" and rnd() < 0.25
    call.say("customer", call.fill(spoken["close_calm" if calm else f"close_{call.contact.mood}"]), fillers=False)
    call.say("agent", call.fill(spoken["agent_close"]))
