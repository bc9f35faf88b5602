"""What this machine has, what is missing, and how to get it: `kesheng doctor`."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from glob import iglob
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from analytics.errors import ConfigError, KeshengError
from analytics.settings import PROJECT, Settings, load_settings, settings_file
from analytics.text.lexicons import load_lexicons
from jobs.java import find_java, java_version

State = Literal["ok", "warn", "missing"]

PYTHONS = ((3, 11), (3, 13))
"""First and last version of Python that the pins were tried with."""
FREE_BYTES = 2 * 1024**3
"""Room that five weeks of the demo, their models and Spark's spill files need, generously."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_INSTALL = "type: make install"
_CHEAP_TO_ASK = ("segment", "categorise", "keyword_hour", "kpi")
_MARKS: dict[State, str] = {"ok": "[green]ok[/]", "warn": "[yellow]look[/]", "missing": "[red]missing[/]"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes
    ----------
    what : str
        Its name, as "Java".
    state : {"ok", "warn", "missing"}
        `missing`: something will not run. `warn`: it runs, but look at it.
    detail : str
        What was found.
    remedy : str
        What to do; empty where the state is ok.
    """

    what: str
    state: State
    detail: str
    remedy: str = ""


def diagnose(settings: Settings, *, lock: Path = PROJECT / "requirements.lock") -> list[Finding]:
    """Look at everything that Kesheng needs on this machine; change nothing.

    Parameters
    ----------
    settings : Settings
        Valid settings; a caller that cannot read them has a `ConfigError` to show instead.
    lock : Path
        The list of pins that packages are compared with.

    Returns
    -------
    list of Finding
        In the order in which one would mend them.
    """
    return [
        check_python(sys.version_info[:2]),
        check_packages(lock),
        check_java(os.environ),
        *check_settings(settings),
        check_words(settings),
        check_days(settings),
        *check_channels(settings, os.environ),
        check_home(settings.home),
        check_models(settings.models),
        check_port(settings.serve.host, settings.serve.port),
        check_browser(),
        check_chinese_font(),
    ]


def print_diagnosis(console: Console | None = None) -> bool:
    """Print a table of all findings to stdout and return whether nothing is missing.

    Settings that cannot be read are a finding too; the rest is then looked at as if there were none.
    """
    try:
        findings = diagnose(load_settings())
    except ConfigError as error:
        broken = Finding("Settings", "missing", str(error), f"correct {settings_file().name} or the variable")
        others = [finding for finding in diagnose(Settings.model_construct()) if finding.what != "Settings"]
        findings = [broken, *others]
    table = Table(box=None, pad_edge=False)
    for column in ("", "What", "Found", "What to do"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(_MARKS[finding.state], finding.what, escape(finding.detail), escape(finding.remedy))
    (console or Console()).print(table)
    return all(finding.state != "missing" for finding in findings)


def check_python(version: tuple[int, ...]) -> Finding:
    """Say whether this Python is one that the pins were tried with.

    Examples
    --------
    >>> check_python((3, 9)).state
    'missing'
    """
    found = ".".join(map(str, version))
    if PYTHONS[0] <= version <= PYTHONS[1]:
        return Finding("Python", "ok", found)
    return Finding("Python", "missing", found, "install Python 3.11, 3.12 or 3.13, remove .venv, type: make install")


def check_packages(lock: Path) -> Finding:
    """Compare what is installed with the pins."""
    if not lock.exists():
        return Finding("Packages", "warn", f"no {lock.name} beside this installation to compare with", _INSTALL)
    pins = [Requirement(line) for line in lock.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]
    wanted = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    differing = [f"{pin.name} {_installed(pin.name) or 'missing'}" for pin in wanted if not _satisfied(pin)]
    if not differing:
        return Finding("Packages", "ok", f"{len(wanted)} as pinned")
    state: State = "missing" if any(entry.endswith(" missing") for entry in differing) else "warn"
    return Finding("Packages", state, f"{len(differing)} of {len(wanted)} differ: {_some(differing)}", _INSTALL)


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _satisfied(pin: Requirement) -> bool:
    version = _installed(pin.name)
    return version is not None and pin.specifier.contains(version, prereleases=True)


def check_java(environ: Mapping[str, str]) -> Finding:
    """Say which Java Spark will run on."""
    try:
        java = find_java(environ)
    except KeshengError as error:
        detail, _, remedy = str(error).partition("; ")
        return Finding("Java", "missing", detail.removeprefix("Java: "), remedy)
    return Finding("Java", "ok", f"{java_version(java)[0]} at {java}")


def check_settings(settings: Settings) -> list[Finding]:
    """Say which settings hold, and whether every source has something to read."""
    file = settings_file()
    said = str(file) if file.exists() else "defaults (no settings.toml)"
    findings = [Finding("Settings", "ok", f"{said}, {len(settings.sources)} sources")]
    for name, source in settings.sources.items():
        path = Path(source.path)
        pattern = path if path.is_absolute() else PROJECT / path
        if next(iglob(str(pattern)), None) is None:
            remedy = f"put files there, or correct sources.{name}.path in {file.name}"
            findings.append(Finding(f"Source {name}", "warn", f"nothing at {pattern}", remedy))
    return findings


def check_words(settings: Settings) -> Finding:
    """Read the word lists as the segmenter will."""
    try:
        lexicons = load_lexicons(settings.lexicons, settings.text.user_words)
    except KeshengError as error:
        return Finding("Word lists", "missing", str(error), "correct the list, or text.user_words in the settings")
    own = f", {settings.lexicons} on top" if settings.lexicons.is_dir() else ""
    return Finding("Word lists", "ok", f"{len(lexicons.words)} words, {lexicons.hash}{own}")


def check_days(settings: Settings) -> Finding:
    """Say whether days of the lake were made with other words or rules than a run would use.

    The model of mood is not asked for: looking must not train one.
    """
    if not (settings.lake / "run").is_dir():
        return Finding("Days", "ok", "none run yet")
    try:
        from jobs.stale import current_inputs, stale_days  # imports jobs, which an empty home need not wait for

        days = stale_days(settings, current_inputs(settings, _CHEAP_TO_ASK))
    except (KeshengError, ImportError) as error:
        return Finding("Days", "warn", f"cannot tell whether they are up to date: {error}", "mend that first")
    if not days:
        return Finding("Days", "ok", "made with the words and rules of today")
    detail = f"{len(days)} days, {days[0].day} to {days[-1].day}, made otherwise ({days[-1].reason})"
    return Finding("Days", "warn", detail, "to make them again: kesheng run --stale")


def check_channels(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Say over which channels messages go, and which lack a secret; asks nobody, and shows names alone."""
    from jobs.senders.opening import open_sender  # imports httpx, which may be what is missing

    findings, kinds = [], []
    for name, channel in settings.notify.all_channels.items():
        try:
            open_sender(name, settings.notify, environ).close()
        except KeshengError as error:
            findings.append(Finding(f"Channel {name}", "warn", str(error), "mend that; see docs/channels.md"))
        kinds.append(name if name == channel.kind else f"{name} ({channel.kind})")
    return [Finding("Channels", "ok", ", ".join(kinds)), *findings]


def check_home(home: Path) -> Finding:
    """Say whether runs can write where they shall, and whether there is room; leaves nothing behind."""
    existing = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        what_to_do = "give yourself the right to write there, or choose another folder with KESHENG_HOME"
        return Finding("Home", "missing", f"cannot write in {existing}: {error.strerror}", what_to_do)
    free_bytes = shutil.disk_usage(existing).free
    detail = f"{home}, {free_bytes / 1024**3:.0f} GiB free"
    if free_bytes < FREE_BYTES:
        return Finding("Home", "warn", detail, "make room, or choose another folder with KESHENG_HOME")
    return Finding("Home", "ok", detail)


def check_models(models: Path) -> Finding:
    """Say whether there are trained models; a run makes those that it misses."""
    files = [path for path in models.rglob("*") if path.is_file()] if models.is_dir() else []
    if files:
        return Finding("Models", "ok", f"{len(files)} files in {models}")
    return Finding(
        "Models", "warn", "none yet", "the first run trains them (about a minute): kesheng demo, or kesheng run"
    )


def check_port(host: str, port: int) -> Finding:
    """Say whether the dashboard can listen where it shall."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            remedy = "stop what listens there (perhaps kesheng serve itself), or choose KESHENG_SERVE__PORT"
            return Finding("Port", "warn", f"{host}:{port}: {error.strerror}", remedy)
    return Finding("Port", "ok", f"{host}:{port} is free")


def find_browser() -> Path | None:
    """Return a Chromium or Chrome of this machine, or None; only the browser tests need one."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    return Path(_MAC_BROWSER) if Path(_MAC_BROWSER).exists() else None


def check_browser() -> Finding:
    """Say which browser the tests will drive."""
    if browser := find_browser():
        return Finding("Browser", "ok", str(browser))
    remedy = "for the browser tests only: brew install --cask chromium"
    if sys.platform != "darwin":
        remedy = "for the browser tests only: sudo apt-get install -y chromium"
    return Finding("Browser", "warn", "no Chromium or Chrome", remedy)


def check_chinese_font() -> Finding:
    """Say whether Chinese can be drawn on this machine (the dashboard uses the fonts of whoever looks at it)."""
    if sys.platform in ("darwin", "win32"):
        return Finding("Chinese font", "ok", "comes with the system")
    fc_list = shutil.which("fc-list")
    if fc_list is not None:
        listed = subprocess.run([fc_list, ":lang=zh", "family"], capture_output=True, text=True, check=False)
        families = sorted({line.split(",")[0].strip() for line in listed.stdout.splitlines() if line.strip()})
        if families:
            return Finding("Chinese font", "ok", _some(families))
    remedy = "for the browser tests only: sudo apt-get install -y fontconfig fonts-noto-cjk"
    return Finding("Chinese font", "warn", "none found", remedy)


def _some(names: Sequence[str], n_shown: int = 3) -> str:
    more = f" and {len(names) - n_shown} more" if len(names) > n_shown else ""
    return ", ".join(names[:n_shown]) + more
