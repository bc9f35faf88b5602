"""Where a site keeps who may look, and who looked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """Files and folders of access in a home folder; none of them need exist.

    Examples
    --------
    >>> Places(Path("var")).looks.as_posix()
    'var/logs/looked.jsonl'
    """

    home: Path

    @property
    def views(self) -> Path:
        """Folder of the site's own roles."""
        return self.home / "views"

    @property
    def users(self) -> Path:
        """The people who may sign in."""
        return self.home / "users.toml"

    @property
    def looks(self) -> Path:
        """The record of who looked at which verbatims."""
        return self.home / "logs" / "looked.jsonl"

    @property
    def key(self) -> Path:
        """Secret of sessions."""
        return self.home / "dashboard.key"
