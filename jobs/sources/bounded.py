"""Read a file or unpack an archive no further than the limits of its source."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, cast

from analytics.errors import InputFileError
from analytics.source_limits import MEGABYTE, LimitSettings

_RATIO_FROM_BYTES = 64 * MEGABYTE
"""Below this much a small file of repeated rows may be packed as tightly as it likes."""
_MAX_DIRECTORY_BYTES = 32 * MEGABYTE
"""List of the files in a zip: a quarter of a million names; Python holds ten times as much while it reads them."""
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_END_BYTES, _MAX_COMMENT_BYTES, _END_64_BYTES = 22, 65_535, 76
_UNKNOWN = 0xFFFFFFFF


class Bounded:
    """An open file that raises where it goes on beyond what is allowed; only `read` is there.

    Parameters
    ----------
    file : BinaryIO
        The file, or what is unpacked.
    name : str
        How to call it in an error.
    limits : LimitSettings
        Of its source.
    packed_bytes : int, optional
        Size before unpacking, to refuse what grows out of proportion.
    whole : Unpacked, optional
        What came out of the same archive before it.
    """

    def __init__(
        self,
        file: BinaryIO,
        name: str,
        limits: LimitSettings,
        *,
        packed_bytes: int | None = None,
        whole: Unpacked | None = None,
    ) -> None:
        self._file, self._name, self._limits = file, name, limits
        self._packed_bytes, self._whole = packed_bytes, whole
        self._n_bytes = 0

    def read(self, size: int = MEGABYTE) -> bytes:
        """Return the next bytes.

        Raises
        ------
        InputFileError
            If the file, its archive, or the file against its packed size is larger than allowed.
        """
        data = self._file.read(size)
        self._n_bytes += len(data)
        if self._n_bytes > self._limits.file_mb * MEGABYTE:
            raise too_much(self._name, f"is larger than {self._limits.file_mb:,} MB", "file_mb")
        if self._packed_bytes is not None and self._n_bytes > max(
            _RATIO_FROM_BYTES, self._limits.ratio * self._packed_bytes
        ):
            raise too_much(self._name, f"unpacks to more than {self._limits.ratio} times its size", "ratio")
        if self._whole is not None:
            self._whole.add(len(data))
        return data

    def as_file(self) -> BinaryIO:
        """Return it as what `shutil.copyfileobj` reads."""
        return cast(BinaryIO, self)


class Unpacked:
    """What has come out of an archive so far."""

    def __init__(self, name: str, limits: LimitSettings) -> None:
        self._name, self._limits, self._n_bytes = name, limits, 0

    def add(self, n_bytes: int) -> None:
        """Count bytes; raise `ArchiveTooLargeError` where they are more than an archive may hold."""
        self._n_bytes += n_bytes
        if self._n_bytes > self._limits.archive_mb * MEGABYTE:
            what = f"unpacks to more than {self._limits.archive_mb:,} MB"
            raise ArchiveTooLargeError(str(too_much(self._name, what, "archive_mb")))


class ArchiveTooLargeError(InputFileError):
    """All files of an archive together are too large: no other of them is looked at."""


def too_much(name: str, what: str, limit: str) -> InputFileError:
    """Return the error of a file beyond a limit.

    Examples
    --------
    >>> print(too_much("a.csv", "has 3,000 columns, more than 2,000", "columns"))
    a.csv has 3,000 columns, more than 2,000; look whether it is what it should be, then split it or raise
    limits.columns of its source (docs/security.md)
    """
    return InputFileError(
        f"{name} {what}; look whether it is what it should be, then split it or raise limits.{limit} of its source"
        " (docs/security.md)"
    )


def check_directory(path: Path, name: str) -> None:
    """Refuse a zip whose list of files alone would fill the memory, before `zipfile` reads that list.

    Raises
    ------
    InputFileError
        If the list is larger than 32 MB. Whether it is a zip at all is left to `zipfile`.

    References
    ----------
    APPNOTE.TXT of the ZIP format, 4.3.14 to 4.3.16.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_BYTES - _MAX_COMMENT_BYTES - _END_64_BYTES))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        return
    (n_bytes,) = struct.unpack_from("<L", tail, at + 12)
    at_64 = tail.rfind(_END_64, 0, at)
    if at_64 >= 0 and n_bytes == _UNKNOWN:
        (n_bytes,) = struct.unpack_from("<Q", tail, at_64 + 40)
    if n_bytes > _MAX_DIRECTORY_BYTES:
        raise InputFileError(f"{name} lists too many files for an archive; unpack it and look what is in it")
