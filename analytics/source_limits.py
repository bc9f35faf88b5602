"""What a source's files may hold at most, so that one that is broken or meant ill fills no memory."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

MEGABYTE = 1 << 20


class LimitSettings(BaseModel):
    """Limits of a source, `[sources.NAME.limits]`: far above what exports have; raise one for a larger honest file.

    What is more than a limit of a file is refused whole with an error that names the limit; what is more than a limit
    of a row is refused as a row, `too_long`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_mb: int = Field(default=8192, ge=1, description="a file, unpacked")
    whole_mb: int = Field(
        default=1024,
        ge=1,
        description="a file that is read whole: workbooks, JSON lists, Parquet, and where columns are guessed",
    )
    archive_mb: int = Field(default=16_384, ge=1, description="all files of an archive together, unpacked")
    archive_files: int = Field(default=10_000, ge=1, description="files in an archive")
    ratio: int = Field(default=200, ge=2, description="times a packed file may grow (looked at beyond 64 MB)")
    rows: int = Field(default=20_000_000, ge=1, description="lines of a file")
    columns: int = Field(default=2_000, ge=1, description="columns of a table")
    cells: int = Field(default=400_000_000, ge=1, description="rows times columns of a table, values of a JSON file")
    sheet_cells: int = Field(default=20_000_000, ge=1, description="the same of a sheet, blank cells between included")
    row_chars: int = Field(default=16_000_000, ge=1_000, description="characters of a row; more: the row is refused")
    cell_chars: int = Field(default=131_072, ge=1_000, description="characters of a cell; more: the row is refused")
    follow_links: bool = Field(default=False, description="take files that a link in the folder leads out of it to")


LIMITS = LimitSettings()
"""Those of a source that says nothing."""
