"""One contact ready to be put into words: its head with person, agent, mood and slots."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from analytics.simulate.grammar import Grammar, Topic
from analytics.simulate.mood import PERSON_NOISE, TYPICAL_WAIT_MINUTES, draw_mood, mood_shares
from analytics.simulate.persons import Person, mix, person_of
from analytics.simulate.schedule import Head
from analytics.simulate.slots import Slots
from analytics.simulate.waits import Staffing, agent_for, typical_wait_seconds


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact before it is written.

    Attributes
    ----------
    head : Head
        When, where, about what.
    person : Person
        Who contacts the centre.
    team, agent_id : str
        Who answers.
    wait_seconds : float
        Typical wait for a reply (chat) or until answered (call).
    first_mood, mood : str
        Mood on arrival, and the true mood once the waiting is felt.
    topic : Topic
        The topic.
    product : str
        Name of the product.
    slots : Slots
        What fills the frames.
    rng : random.Random
        Source of chance for the words.
    """

    head: Head
    person: Person
    team: str
    agent_id: str
    wait_seconds: float
    first_mood: str
    mood: str
    topic: Topic
    product: str
    slots: Slots
    rng: Random


def open_contact(head: Head, grammar: Grammar, staffing: Staffing, seed: int, rng: Random) -> Contact:
    """Draw person, agent, wait and mood of a head."""
    person = person_of(head.person, seed)
    team, agent_id = agent_for(head, staffing.centre, rng)
    wait_seconds = typical_wait_seconds(head, team, staffing, rng)
    topic = grammar.topics[head.topic]
    u, temper = rng.random(), rng.gauss(0.0, PERSON_NOISE)
    wait_minutes = TYPICAL_WAIT_MINUTES if head.kind == "work_order" else wait_seconds / 60.0
    first = draw_mood(mood_shares(topic.negative, topic.positive, TYPICAL_WAIT_MINUTES, temper), u)
    mood = draw_mood(mood_shares(topic.negative, topic.positive, wait_minutes, temper), u)
    product = grammar.words.products[head.product]
    nicks = grammar.words.plain["nick"]
    known = {
        "phone": person.mobile,
        "agent_no": agent_id[1:],
        "nick": nicks[mix(int(agent_id[1:]), seed) % len(nicks)],
    }
    return Contact(
        head=head,
        person=person,
        team=team.name,
        agent_id=agent_id,
        wait_seconds=wait_seconds,
        first_mood=first,
        mood=mood,
        topic=topic,
        product=product.name,
        slots=Slots(grammar.words, product, rng.random, known),
        rng=rng,
    )
