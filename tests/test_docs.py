"""What the documents say is there, is there; what the command line offers, is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from jobs.cli import app

PROJECT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)|<img[^>]*\bsrc=\"([^\"]+)\"")
CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def documents() -> list[Path]:
    return [
        *(PROJECT / name for name in READMES if (PROJECT / name).exists()),
        *sorted((PROJECT / "docs").rglob("*.md")),
    ]


def code_lines(document: Path) -> Iterator[str]:
    """Yield each line of code in a document, fenced or inline."""
    for fenced, inline in CODE.findall(document.read_text(encoding="utf-8")):
        yield from (fenced or inline).splitlines()


def commands() -> dict[str, str]:
    """Return the commands of `kesheng` and the first words of their help."""
    group = typer.main.get_command(app)
    return {name: command.get_short_help_str() for name, command in group.commands.items()}  # type: ignore[attr-defined]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_both_readmes_are_there() -> None:
    assert [name for name in READMES if not (PROJECT / name).exists()] == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    targets = [link or image for link, image in LINK.findall(document.read_text(encoding="utf-8"))]
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_commands_that_are_shown_exist(document: Path) -> None:
    for line in code_lines(document):
        for target in re.findall(r"(?:^|&& |; )make ([a-z][a-z-]*)", line):
            assert target in make_targets(), line
        for name in re.findall(r"(?:^|&& |; |/)kesheng ([a-z][a-z-]*)", line):
            assert name in commands(), line


def test_every_command_has_help_and_is_documented() -> None:
    shown = {line for document in documents() for line in code_lines(document)}
    for name, help_text in commands().items():
        assert help_text, f"kesheng {name} has no help"
        assert any(re.search(rf"\bkesheng {name}\b", line) for line in shown), f"no document shows kesheng {name}"


def test_every_target_a_person_types_explains_itself() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE))
    assert make_targets() - explained == {"java", "browser"}  # steps of other targets


@pytest.mark.parametrize("name", READMES)
def test_the_first_screen_of_the_readme_shows_the_two_commands(name: str) -> None:
    readme = PROJECT / name
    assert readme.exists(), f"{name} is missing"
    first_screen = "\n".join(readme.read_text(encoding="utf-8").splitlines()[:40])
    assert "make demo" in first_screen and "make test" in first_screen


def test_ci_runs_what_the_readme_says() -> None:
    run = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert [line for line in run.splitlines() if line.startswith("make")] == ["make test"]
