"""The service centre: teams, their agents and channels, and how contacts arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analytics.simulate.grammar import FOLDER, read_toml

CHANNELS = ("phone", "app", "web", "wechat", "weibo")


@dataclass(frozen=True)
class Team:
    """A group of agents that answers some channels."""

    name: str
    channels: tuple[str, ...]
    agents: tuple[str, ...]


@dataclass(frozen=True)
class Centre:
    """Teams and cycles.

    Attributes
    ----------
    teams : tuple of Team
        All teams.
    order_team : Team
        The team that answers work orders of every channel.
    channel_share, order_share : mapping of str to float
        By channel: its share of all contacts, and the share of those that arrive as work orders.
    hours : mapping of str to tuple of float
        By channel: the share of the day's contacts in each local hour; sums to 1.
    weekdays : tuple of float
        Factor of each weekday, Monday first.
    """

    teams: tuple[Team, ...]
    order_team: Team
    channel_share: Mapping[str, float]
    order_share: Mapping[str, float]
    hours: Mapping[str, tuple[float, ...]]
    weekdays: tuple[float, ...]

    def teams_of(self, channel: str) -> tuple[Team, ...]:
        """Return the teams that answer a channel."""
        return tuple(team for team in self.teams if channel in team.channels)


@lru_cache(maxsize=4)
def load_centre(folder: Path = FOLDER) -> Centre:
    """Read centre.toml; raises as `analytics.simulate.grammar.read_toml`."""
    tables = read_toml(folder, "centre")
    teams = {
        row["name"]: Team(
            row["name"],
            tuple(row["channels"]),
            tuple(f"A{number}" for number in range(row["first"], row["first"] + row["agents"])),
        )
        for row in tables["team"]
    }
    cycle = tables["cycle"]
    return Centre(
        teams=tuple(teams.values()),
        order_team=next(teams[row["name"]] for row in tables["team"] if row.get("orders")),
        channel_share={name: float(row["share"]) for name, row in tables["channel"].items()},
        order_share={name: float(row["order_share"]) for name, row in tables["channel"].items()},
        hours={name: _shares(cycle.get(f"{name}_hours", cycle["hours"])) for name in CHANNELS},
        weekdays=tuple(float(factor) for factor in cycle["weekdays"]),
    )


def _shares(weights: list[float]) -> tuple[float, ...]:
    total = sum(weights)
    return tuple(weight / total for weight in weights)
