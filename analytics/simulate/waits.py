"""Who answers, and how long customers wait for a reply."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from random import Random

from analytics.simulate import planted
from analytics.simulate.centre import Centre, Team
from analytics.simulate.plan import Plan
from analytics.simulate.schedule import Head
from analytics.simulate.volume import gamma_factor

# Median seconds until a reply in a chat (most fall into 30 to 70), and until a call is answered.
CHAT_MEDIAN_SECONDS = 43.0
CALL_MEDIAN_SECONDS = 9.0
_CONTACT_SPREAD = 0.34
_CALL_SPREAD = 0.8
_LOAD_VARIANCE = 0.24**2
_SHORTEST_SECONDS = 8.0
_LATE_SHARE = 0.06
"""Chats that wait for an agent who is held up in another one: it happens every day, in every team."""
_LATE_TIMES = (3.0, 8.0)


@dataclass(frozen=True)
class Staffing:
    """The load of each team in each hour of one day; 1 is usual."""

    centre: Centre
    load: dict[tuple[str, int], float]


def staff_day(plan: Plan, index: int, centre: Centre) -> Staffing:
    """Draw how busy each team is in each hour of a day."""
    rng = Random(f"{plan.seed}:{index}:staff")
    load = {(team.name, hour): gamma_factor(_LOAD_VARIANCE, rng) for team in centre.teams for hour in range(24)}
    return Staffing(centre, load)


def agent_for(head: Head, centre: Centre, rng: Random) -> tuple[Team, str]:
    """Return the team and the agent who answers; in the slow hour the absent ones do not."""
    if head.kind == "work_order":
        team = centre.order_team
    else:
        teams = centre.teams_of(head.channel)
        team = teams[int(rng.random() * len(teams))]
    agents = team.agents[planted.SLOW_ABSENT_AGENTS :] if head.is_slow else team.agents
    return team, agents[int(rng.random() * len(agents))]


def typical_wait_seconds(head: Head, team: Team, staffing: Staffing, rng: Random) -> float:
    """Draw the typical wait for a reply in a chat, or until a call is answered; 0 for a work order."""
    if head.kind == "work_order":
        return 0.0
    if head.is_slow:
        return rng.uniform(*planted.SLOW_SECONDS)
    median = CHAT_MEDIAN_SECONDS if head.kind == "chat" else CALL_MEDIAN_SECONDS
    spread = _CONTACT_SPREAD if head.kind == "chat" else _CALL_SPREAD
    load = staffing.load[team.name, min(23, head.second // 3600)]
    late = rng.uniform(*_LATE_TIMES) if head.kind == "chat" and rng.random() < _LATE_SHARE else 1.0
    return max(_SHORTEST_SECONDS if head.kind == "chat" else 1.5, median * load * late * exp(rng.gauss(0.0, spread)))
