"""Every error that Kesheng raises on purpose.

A message says what, what was expected, what was found, where, and what to do. It never holds customer text.
The command line turns a `KeshengError` into one line and the exit code that the class carries: 2 when the user must
change something, 1 when the fault is ours.
"""

from __future__ import annotations


class KeshengError(Exception):
    """Base of all errors; `exit_code` is what the command line ends with."""

    exit_code = 2


class ConfigError(KeshengError):
    """A setting, a source declaration or a command-line value is missing or out of range."""


class InboxAwayError(ConfigError):
    """The inbox's database cannot be reached now; nothing of it is lost, and the command can be given again."""


class InputFileError(KeshengError):
    """A file the user named is missing, empty, unreadable or of a kind we do not read."""


class SchemaError(KeshengError):
    """A table or file does not have the columns or types that are declared."""


class EmptyInputError(KeshengError, ValueError):
    """A computation was asked for on nothing."""


class ModelUnavailableError(KeshengError):
    """A model or its training text is not on this machine."""


class MissingProgramError(KeshengError):
    """Something outside Python (Java, a browser) is missing; the message gives the line that installs it."""


class QualityError(KeshengError):
    """Days of the lake are not as expected, so that nothing was published; the old warehouse stays."""


class StageError(KeshengError):
    """A job failed for a reason that the user cannot mend by changing input or settings."""

    exit_code = 1


class DiskFullError(KeshengError):
    """There is no room to write; what was there before is untouched, and the command can be given again."""
