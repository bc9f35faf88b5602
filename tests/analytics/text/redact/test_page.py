"""What docs/masking.md says is masked, is; what it says stays, does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from analytics.settings import PROJECT
from analytics.text.redact import MASKS, redact

PAGE = (PROJECT / "docs" / "masking.md").read_text(encoding="utf-8")
STAYS = PAGE.split("## What stays")[1].split("## Limits")[0]


@pytest.mark.parametrize(("text", "masked"), re.findall(r"`([^`]+)` → `([^`]+)`", PAGE))
def test_examples_of_the_table(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize("text", re.findall(r"`([^`]+)`", STAYS))
def test_examples_of_what_stays(text: str) -> None:
    assert redact(text) == text


def test_the_page_names_every_token_and_examples_are_found() -> None:
    assert all(mask in PAGE or f"{mask[:-1]}#a1]" in PAGE for mask in MASKS)
    assert PAGE.count("` → `") >= 25 and STAYS.count("`") >= 30


def test_the_command_prints_what_the_page_shows() -> None:
    command, output = re.findall(r"```[a-z]*\n(.*?)\n```", PAGE, flags=re.DOTALL)[:2]
    python, *arguments = shlex.split(command)
    assert python == ".venv/bin/python"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == output
