"""Which contacts somebody may see."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.schema.table import ALL


@dataclass(frozen=True)
class Limits:
    """Which contacts may be seen; an empty tuple does not limit.

    Attributes
    ----------
    channels, products, teams : tuple of str
        Values that may be seen; '' stands for contacts without one.
    """

    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is hidden."""
        return bool(self.channels or self.products or self.teams)

    @property
    def by_column(self) -> dict[str, tuple[str, ...]]:
        """The limited columns of `contact` and their visible values.

        Examples
        --------
        >>> Limits(channels=("app",)).by_column
        {'channel': ('app',)}
        """
        found = {"channel": self.channels, "product": self.products, "team": self.teams}
        return {column: values for column, values in found.items() if values}

    def admits(self, channel: str | None = ALL, product: str | None = ALL, team: str | None = ALL) -> bool:
        """Return whether something told of these values may be seen; '*' is over all values, None is the one without.

        What is over all values of a limited column is over hidden contacts too, so it may not be seen.

        Examples
        --------
        >>> limited = Limits(channels=("app",))
        >>> limited.admits("app"), limited.admits("phone"), limited.admits("*"), Limits().admits("*")
        (True, False, False, True)
        """
        given = {"channel": channel, "product": product, "team": team}
        return all((given[column] or "") in values for column, values in self.by_column.items())
