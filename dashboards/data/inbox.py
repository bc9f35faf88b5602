"""The inbox as the pages write to it: whether it is there, and under which name."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

MADE_BY = "dashboard"


def inbox_is_there(url: str) -> bool:
    """Return whether there is a database to open: reading must not create one."""
    address = make_url(url)
    return address.get_backend_name() != "sqlite" or (address.database is not None and Path(address.database).is_file())
