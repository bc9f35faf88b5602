"""Kill a job again and again, run it to its end, and compare all it wrote with an undisturbed run."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import ConfigError
from analytics.settings import Settings
from analytics.warehouse import open_reader
from benchmarks.faults_home import Content, content_of, go_back, listing
from benchmarks.faults_kill import Tally, Work, kill_forked, run_forked

IN_A_ROW = 4
"""Kills before the job is run to its end and compared: each begins on what the one before left."""


@dataclass
class Trial:
    """A job to be killed.

    Attributes
    ----------
    work : callable
        Returns the work; its argument is the commit to die at, 0 for none.
    state : Path
        The home before the job.
    commits : int
        How many commits there are to die at; a third of the kills are aimed at them.
    compared : callable
        What is there, to be compared.
    """

    job: str
    settings: Settings
    state: Path
    work: Callable[[int], Work]
    log: Path
    commits: int = 0
    compared: Callable[[Settings], Content] = content_of
    recovery: str = "running it again"
    after_each: Callable[[Settings, Tally], None] | None = None

    def killed(self, n_kills: int, draw: random.Random) -> Tally:
        """Kill it so often, and return what became of it."""
        tally = Tally(self.job, recovery=self.recovery)
        go_back(self.state, self.settings.home)
        seconds = run_forked(self.work(0), self.log)
        expected = self.compared(self.settings)
        done = 0
        while done < n_kills:
            go_back(self.state, self.settings.home)
            for _ in range(min(IN_A_ROW, n_kills - done)):
                seconds = self._kill(tally, seconds, draw)
                done += 1
            run_forked(self.work(0), self.log)
            self._compare(tally, expected)
        return tally

    def _kill(self, tally: Tally, seconds: float, draw: random.Random) -> float:
        before = listing(self.settings)
        if self.commits and draw.random() < 1 / 3:
            work, at = self.work(draw.randint(1, self.commits)), 10 * seconds + 60
        else:
            work, at = self.work(0), draw.uniform(0, seconds)
        was_at_it = kill_forked(work, at, self.log)
        if not was_at_it:
            tally.after += 1
        elif listing(self.settings) == before:
            tally.before += 1
        else:
            tally.during += 1
        tally.unread += not is_whole(self.settings)
        return seconds if was_at_it else seconds * 0.9

    def _compare(self, tally: Tally, expected: Content) -> None:
        found = self.compared(self.settings)
        tally.recoveries += 1
        if self.after_each:
            self.after_each(self.settings, tally)
        tally.lost += found.lost(expected)
        tally.doubled += found.doubled(expected)
        tally.differing = sorted({*tally.differing, *found.where(expected)})


def is_whole(settings: Settings) -> bool:
    """Return whether a reader finds no warehouse at all yet, or one whose turns and contacts belong together."""
    if not settings.warehouse.exists():
        return True
    try:
        with open_reader(settings.warehouse) as reader:
            found = reader.query(
                "SELECT (SELECT sum(n_turns) FROM contact) AS turns, (SELECT count(*) FROM utterance) AS there"
            ).iloc[0]
    except (ConfigError, OSError):
        return False
    return bool(found.turns == found.there)
