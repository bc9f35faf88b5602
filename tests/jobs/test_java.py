from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import MissingProgramError
from jobs.java import find_java, install_line, java_version, parse_properties


def fake_java(folder: Path, specification: str, home: Path | None = None) -> Path:
    """Write a `java` that says of itself what a real one says."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    says = f"Property settings:\n    java.home = {home or folder}\n    java.specification.version = {specification}\n"
    java.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{says}END\n")
    java.chmod(0o755)
    return java


@pytest.mark.parametrize(("specification", "version"), [("1.8", 8), ("11", 11), ("17", 17), ("21", 21), ("26-ea", 26)])
def test_version_is_read_in_old_and_new_spelling(specification: str, version: int) -> None:
    assert parse_properties(f"  java.specification.version = {specification}\n", Path("/j"))[0] == version


def test_java_home_wins_over_path(tmp_path: Path) -> None:
    ours = fake_java(tmp_path / "ours", "21")
    other = fake_java(tmp_path / "other", "17")
    environ = {"JAVA_HOME": str(tmp_path / "ours"), "PATH": str(other.parent)}
    assert find_java(environ, places=()) == ours


def test_an_old_java_home_does_not_hide_a_new_one_on_path(tmp_path: Path) -> None:
    fake_java(tmp_path / "old", "1.8")
    new = fake_java(tmp_path / "new", "17")
    environ = {"JAVA_HOME": str(tmp_path / "old"), "PATH": str(new.parent)}
    assert find_java(environ, places=()) == new


def test_a_shim_on_path_leads_to_the_home_that_java_names(tmp_path: Path) -> None:
    real = fake_java(tmp_path / "with space" / "real", "17")
    shim = fake_java(tmp_path / "shims", "17", home=tmp_path / "with space" / "real")
    assert find_java({"PATH": str(shim.parent)}, places=()) == real


def test_usual_places_are_tried_newest_first(tmp_path: Path) -> None:
    fake_java(tmp_path / "java-17", "17")
    newest = fake_java(tmp_path / "java-21", "21")
    assert find_java({}, places=(f"{tmp_path}/*/bin/java",)) == newest


def test_missing_java_names_the_line_to_type() -> None:
    with pytest.raises(MissingProgramError, match=r"version 17 or later, found none; .*install"):
        find_java({"PATH": ""}, places=())


def test_too_old_java_is_named(tmp_path: Path) -> None:
    old = fake_java(tmp_path, "11")
    with pytest.raises(MissingProgramError, match=r"only .*version 11"):
        find_java({"PATH": str(old.parent)}, places=())


def test_a_java_that_does_not_start_counts_as_none(tmp_path: Path) -> None:
    broken = fake_java(tmp_path, "17")
    broken.write_text("#!/bin/sh\nexit 1\n")
    assert java_version(broken)[0] == 0
    assert java_version(tmp_path / "absent")[0] == 0


def test_install_line_of_other_machines() -> None:
    assert "brew install" in install_line("darwin")
    assert "install" in install_line("linux")
