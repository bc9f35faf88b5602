"""A chat in words: bot, transfer, question, replies after a wait, and a close."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.simulate.contact import Contact
from analytics.simulate.frames import Frames, draw, draw_unsaid
from analytics.simulate.grammar import Grammar
from analytics.simulate.handwriting import Hand

MAX_TURNS = 20
# From here on a wait is long: customers ask whether anybody is there, and complain afterwards.
LONG_WAIT_SECONDS = 150.0
_POLITE_STARTS = ("请问", "问一下", "问下", "麻烦", "想问", "帮我", "你们", "我想")

Row = tuple[float, str, str]
"""Seconds after the start, speaker, text."""


class _Session:
    """A chat as it grows: a clock and the rows so far."""

    def __init__(self, contact: Contact, grammar: Grammar) -> None:
        self.contact, self.grammar = contact, grammar
        self.rnd = contact.rng.random
        self.said: set[str] = set()
        self.hand = Hand(contact.person, contact.head.channel, grammar.noise, contact.rng)
        self.clock = 0.0
        self.rows: list[Row] = []

    def fill(self, frames: Frames) -> str:
        return draw_unsaid(frames, self.contact.slots, self.rnd, self.said)

    def say(self, speaker: str, text: str, after_seconds: float) -> None:
        self.clock += after_seconds
        self.rows.append((self.clock, speaker, text))

    def customer(self, text: str, mood: str) -> None:
        """Type a message; some send it in two."""
        cut = text.find("，", 4)
        if cut > 0 and self.rnd() < 0.22:
            self.say("customer", self.hand.write(text[:cut], mood), 4.0 + 16.0 * self.rnd())
            text = text[cut + 1 :]
        self.say("customer", self.hand.write(text, mood), 3.0 + 22.0 * self.rnd())

    def agent(self, text: str) -> None:
        """Reply after the wait; during a long one some ask whether anybody is there."""
        slow = self.contact.head.is_slow
        wait = self.contact.wait_seconds * ((0.99 + 0.03 * self.rnd()) if slow else (0.8 + 0.4 * self.rnd()))
        if wait > LONG_WAIT_SECONDS and self.rnd() < 0.25:
            mood = "negative" if self.contact.mood == "negative" else "neutral"
            early = wait * (0.10 + 0.15 * self.rnd())
            self.say("customer", self.hand.write(self.fill(self.grammar.talk["customer"][f"nag_{mood}"]), mood), early)
            wait -= early
        self.say("agent", text, wait)


def chat_rows(contact: Contact, grammar: Grammar) -> list[Row]:
    """Return the messages of a chat, 4 to 20, in order of time."""
    session = _Session(contact, grammar)
    talk, fill, rnd = grammar.talk, session.fill, session.rnd
    _open(session)
    _ask(session)
    if rnd() < 0.6:
        session.say("system", fill(talk["system"]["transfer"]), 1.0)
    greeting = fill(talk["agent"]["comfort" if contact.first_mood == "negative" and rnd() < 0.6 else "greet"])
    session.agent(greeting)
    if rnd() < 0.55:
        session.say("agent", fill(talk["agent"]["need_order"]), 3.0 + 6.0 * rnd())
        session.customer(fill(talk["customer"]["order_given"]), "neutral")
        if rnd() < 0.5:
            session.agent(fill(talk["agent"]["hold"]))
            if rnd() < 0.4:
                session.customer(fill(talk["customer"]["confirm"]), "neutral")
    _answer(session)
    _rounds(session)
    _close(session)
    return session.rows[:MAX_TURNS]


def _open(session: _Session) -> None:
    talk, fill, rnd = session.grammar.talk, session.fill, session.rnd
    bot = session.contact.head.channel != "weibo" and rnd() < 0.55
    if bot and rnd() < 0.6:
        session.say("bot", fill(talk["bot"]["greet"]), 0.0)
    if rnd() < 0.38:
        session.customer(fill(talk["customer"]["opener"]), "neutral")
        if bot:
            session.say("bot", fill(talk["bot"]["answer"]), 1.0)


def question(contact: Contact, talk: Mapping[str, Frames], ask: Mapping[str, Frames], said: set[str]) -> str:
    """Return what the customer asks first, in the mood of arrival, with an opening and a tail of their own."""
    mood, rnd = contact.first_mood, contact.rng.random
    # Few begin by praising: most of the content ask plainly and are content afterwards.
    plain = mood == "positive" and rnd() < 0.4 and contact.topic.name != "表扬"
    mood = "neutral" if plain else mood
    text = draw_unsaid(ask[mood], contact.slots, rnd, said)
    terse = rnd() < contact.person.terse_share
    if not terse and rnd() < 0.45 and not text.startswith(_POLITE_STARTS):
        text = draw(talk[f"prefix_{mood}"], contact.slots, rnd) + text
    if not terse and rnd() < (0.5 if mood == "negative" else 0.35):
        text = f"{text}，{draw(talk[f'tail_{mood}'], contact.slots, rnd)}"
    return text


def _ask(session: _Session) -> None:
    contact, talk = session.contact, session.grammar.talk["customer"]
    session.customer(question(contact, talk, contact.topic.ask, session.said), contact.first_mood)
    if session.rnd() < 0.22:
        session.customer(session.fill(contact.topic.ask[contact.first_mood]), contact.first_mood)


def _answer(session: _Session) -> None:
    session.agent(session.fill(session.contact.topic.agent))
    if session.rnd() < 0.25:
        session.say("agent", session.fill(session.contact.topic.agent), 4.0 + 10.0 * session.rnd())


def _rounds(session: _Session) -> None:
    contact, talk, rnd = session.contact, session.grammar.talk, session.rnd
    mood = contact.mood
    waited = contact.wait_seconds > LONG_WAIT_SECONDS
    n_rounds = 1 + (rnd() < 0.45) + (rnd() < (0.35 if mood == "negative" else 0.12)) if not contact.head.is_slow else 1
    for number in range(n_rounds):
        if waited and mood != "positive" and (number == 0 or rnd() < 0.5):
            session.customer(session.fill(talk["customer"][f"wait_{mood}"]), mood)
        if rnd() < 0.25 and mood != "negative":
            session.customer(session.fill(talk["customer"]["confirm"]), "neutral")
        else:
            own = rnd() < 0.65
            frames = contact.topic.follow[mood] if own else talk["customer"][f"follow_{mood}"]
            session.customer(session.fill(frames), mood)
        closing = rnd()
        if closing < 0.45:
            _answer(session)
        elif closing < 0.75:
            session.agent(session.fill(talk["agent"]["ack_negative" if mood == "negative" else "ack_neutral"]))
        elif closing < 0.9 and mood == "negative":
            session.agent(session.fill(talk["agent"]["comfort"]))


def _close(session: _Session) -> None:
    contact, talk, rnd = session.contact, session.grammar.talk, session.rnd
    if rnd() < 0.4 and not contact.head.is_slow:
        session.agent(session.fill(talk["agent"]["more"]))
    # Some of the angry calm down, or just leave.
    calm = contact.mood == "negative" and rnd() < 0.25
    if rnd() < 0.8:
        frames = talk["customer"]["close_calm" if calm else f"close_{contact.mood}"]
        session.customer(session.fill(frames), "neutral" if calm else contact.mood)
        if rnd() < 0.7:
            session.say("agent", session.fill(talk["agent"]["close"]), 5.0 + 25.0 * rnd())
    if rnd() < 0.5:
        session.say("system", session.fill(talk["system"]["closed"]), 20.0 + 100.0 * rnd())
