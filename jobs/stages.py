"""Which jobs there are and in which order they run; knows no Spark, so that a wrong name is said at once."""

from __future__ import annotations

from analytics.errors import ConfigError

STAGES: dict[str, tuple[str, ...]] = {
    "conform": ("conform",),
    "understand": ("identity", "flag", "segment", "discover", "sentiment", "categorise", "topics"),
    "measure": (
        "keyword_hour",
        "sentiment_hour",
        "dip",
        "mood_change",
        "spike",
        "kpi",
        "driver",
        "forecast",
        "person_tag",
    ),
    "retrain": ("retrain",),
}
"""Stage → its jobs in order. All but `retrain` run for each window; a job is also a stage of its own."""

DAILY = tuple(job for stage in ("conform", "understand", "measure") for job in STAGES[stage])
"""Every Spark job of a window, in order."""

AFTER = ("alert", "publish", "notify")
"""What follows the Spark jobs; plain Python."""


def jobs_of(name: str) -> tuple[str, ...]:
    """Return the jobs of a stage, or the job itself; raise `ConfigError` naming what there is."""
    if name in STAGES:
        return STAGES[name]
    if name in DAILY:
        return (name,)
    raise ConfigError(f"no job or stage {name!r}; there are {', '.join([*STAGES, *DAILY])}")


def refuse_unknown(job: str) -> None:
    """Raise `ConfigError` where `kesheng run` knows no such job; '' is the whole way."""
    if job and job not in AFTER:
        jobs_of(job)
