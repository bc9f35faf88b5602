"""Take the steps: alembic's scripts without its configuration file, inside a transaction that is open already."""

from __future__ import annotations

from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from analytics.errors import ConfigError
from analytics.inbox.migrations import HEAD, VERSION_TABLE, version_of

FOLDER = Path(__file__).parent


def take_steps(connection: Connection, folder: Path = FOLDER) -> None:
    """Take the steps from where the database stands up to the last, and note each.

    Raises
    ------
    ConfigError
        As of `steps_after`, or if a step finds tables that are none of ours.
    """
    scripts = ScriptDirectory(str(folder))
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    for step in steps_after(version_of(connection), folder):
        with Operations.context(context):
            step.module.upgrade()
        context.stamp(scripts, step.revision)


def steps_after(version: str | None, folder: Path = FOLDER) -> list[Script]:
    """Return the steps that a database of `version` lacks, in order; all of them for one before versions.

    Raises
    ------
    ConfigError
        If no step is called so: a later version of Kesheng made the database.

    Examples
    --------
    >>> steps_after("0001")
    []
    """
    scripts = ScriptDirectory(str(folder))
    # Not asked by name: alembic takes parts of a name, and numbers relative to another.
    steps = list(scripts.walk_revisions())
    names = [step.revision for step in steps]
    if version is not None and version not in names:
        raise ConfigError(
            f"inbox: expected a database of version {HEAD} or before, got one of version {version}: a later Kesheng"
            " made it. Install that one, or restore a backup of before the upgrade into another inbox.url;"
            " see docs/upgrades.md"
        )
    return steps[: names.index(version) if version else len(steps)][::-1]
