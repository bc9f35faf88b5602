"""Find a Java that Spark can run on.

`python -m jobs.java` ends with 0 where there is one and says on stderr what to type where there is none.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from analytics.errors import KeshengError, MissingProgramError

MIN_JAVA = 17
"""Spark 4 runs on Java 17 and later (Spark documentation, "Downloading")."""

_USUAL_PLACES = (
    "/usr/lib/jvm/*/bin/java",  # Debian, Ubuntu, Fedora
    "/opt/homebrew/opt/openjdk*/bin/java",  # brew on Apple silicon: not on PATH by itself
    "/usr/local/opt/openjdk*/bin/java",  # brew on Intel
    "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java",
)


def find_java(environ: Mapping[str, str] | None = None, *, places: tuple[str, ...] = _USUAL_PLACES) -> Path:
    """Return the `java` of the first Java home that is new enough: JAVA_HOME, then PATH, then the usual places.

    Parameters
    ----------
    environ : Mapping, optional
        Where JAVA_HOME and PATH are read; the process's environment if not given.
    places : tuple of str
        Globs tried last.

    Returns
    -------
    Path
        `<java home>/bin/java`, so that `.parent.parent` is a JAVA_HOME (a shim on PATH is not).

    Raises
    ------
    MissingProgramError
        If there is none; names those found that are too old, and the line to type.
    """
    too_old: list[str] = []
    for candidate in _candidates(os.environ if environ is None else environ, places):
        version, home = java_version(candidate)
        if version >= MIN_JAVA:
            return home / "bin" / "java"
        too_old.append(f"{candidate} (version {version or 'unknown'})")
    found = f"only {', '.join(too_old)}" if too_old else "none"
    raise MissingProgramError(f"Java: Spark needs version {MIN_JAVA} or later, found {found}; {install_line()}")


def java_version(java: Path) -> tuple[int, Path]:
    """Return the feature version (8, 17, 21; 0 where the program does not answer) and the Java home of a `java`.

    The home is what Java itself says, for on PATH there may be a link or a shim.
    """
    command = [str(java), "-XshowSettings:properties", "-version"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return 0, java.parent.parent
    return parse_properties(answer.stderr + answer.stdout, java.parent.parent)


def parse_properties(said: str, home: Path) -> tuple[int, Path]:
    r"""Read version and home out of what `java -XshowSettings:properties -version` prints; `home` where it says none.

    Examples
    --------
    >>> version, home = parse_properties("    java.home = /opt/j\n    java.specification.version = 1.8\n", Path("/"))
    >>> version, str(home)
    (8, '/opt/j')
    """
    version = re.search(r"^\s*java\.specification\.version = (?:1\.)?(\d+)", said, re.MULTILINE)
    where = re.search(r"^\s*java\.home = (.+?)\s*$", said, re.MULTILINE)
    return int(version[1]) if version else 0, Path(where[1]) if where else home


def install_line(platform: str = sys.platform) -> str:
    """Return the line that installs Java on this kind of machine.

    Examples
    --------
    >>> install_line("darwin")
    'type: brew install openjdk@17'
    """
    if platform == "darwin":
        return f"type: brew install openjdk@{MIN_JAVA}"
    if shutil.which("apt-get"):
        # Debian 13 has no 17; the default of Ubuntu 22.04 is 11.
        return "type: sudo apt-get install -y openjdk-17-jre-headless || sudo apt-get install -y default-jre-headless"
    return f"install a JRE of version {MIN_JAVA} or later and set JAVA_HOME to its folder"


def _candidates(environ: Mapping[str, str], places: tuple[str, ...]) -> Iterator[Path]:
    if home := environ.get("JAVA_HOME"):
        java = Path(home) / "bin" / "java"
        if java.is_file():
            yield java
    if on_path := shutil.which("java", path=environ.get("PATH", "")):
        yield Path(on_path)
    for place in places:
        pattern = Path(place)
        # Newest last in the alphabet: java-21 before java-17 when read backwards.
        yield from sorted(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))), reverse=True)


def main() -> int:
    """Say where Java is (stdout) or how to get it (stderr)."""
    try:
        sys.stdout.write(f"{find_java()}\n")
    except KeshengError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
