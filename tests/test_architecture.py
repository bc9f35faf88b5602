"""The house rules, held by tests: who imports whom, how long things are, what is never committed."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("analytics", "jobs", "dags", "dashboards")
MAX_FILE_LINES = 300
MAX_BODY_LINES = 40
MAX_ARGUMENTS = 6
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "base_utils", "tools"}
SILENT_IGNORE = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)|#\s*(TODO|FIXME|XXX)\b")
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home/\w+|Users/\w+|root|work)/[\w.-]+")
ADDRESS_IN_LOCK = re.compile(r"https?://|file://|--index-url|--extra-index-url|--find-links|--trusted-host")
PACKAGE_HOST = re.compile(r"(?:pypi|pythonhosted|artifactory|nexus|/simple/?[\"'\s])", re.IGNORECASE)
LOCKS_WITH_ADDRESSES = {"uv.lock", "pylock.toml", "poetry.lock", "pdm.lock", "Pipfile.lock", "package-lock.json"}
MAX_TRACKED_BYTES = 2_000_000


def tracked_files() -> list[Path]:
    """Return the files that git knows or would add, whether committed or not."""
    if shutil.which("git") is None or not (PROJECT / ".git").exists():
        pytest.skip("no git checkout: what is tracked cannot be told")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [PROJECT / name for name in listed.split("\0") if name and (PROJECT / name).is_file()]


def python_files(*, with_tests: bool = True) -> list[Path]:
    folders = (*PACKAGES, "benchmarks", *(["tests"] if with_tests else []))
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def n_arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return len(named) - (bool(named) and named[0].arg in ("self", "cls"))


def signature_is_ours(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether we chose the arguments: Typer's are the options of a command, Dash's the inputs of a callback."""
    called = [decorator.func for decorator in function.decorator_list if isinstance(decorator, ast.Call)]
    return not any(isinstance(name, ast.Attribute) and name.attr in ("command", "callback") for name in called)


def test_the_rules_see_what_they_forbid() -> None:
    long = ast.parse('def f(self, a, *, b=1):\n    """Doc."""\n    x = (\n        1\n    )\n    return x\n').body[0]
    assert isinstance(long, ast.FunctionDef)
    assert (body_lines(long), n_arguments(long), signature_is_ours(long)) == (4, 2, True)
    command = ast.parse("@app.command('run')\ndef f(): ...").body[0]
    assert isinstance(command, ast.FunctionDef) and not signature_is_ours(command)
    forbidden = ["x = 1  # type: " + "ignore", "import x  # no" + "qa", "# TO" + "DO later"]
    assert all(SILENT_IGNORE.search(line) for line in forbidden)
    assert not SILENT_IGNORE.search("x = 1  # type: ignore[misc]")
    assert MACHINE_PATH.search("open('/home/ann/data.csv')") and not MACHINE_PATH.search("https://x.org/home/ann/data")
    assert ADDRESS_IN_LOCK.search("--index-url x") and PACKAGE_HOST.search("https://pypi.example/simple")


def test_every_file_beside_a_dag_is_ignored_by_airflow_or_holds_one() -> None:
    ignored = (PROJECT / "dags" / ".airflowignore").read_text(encoding="utf-8").split("\n")
    files = {path.name for path in (PROJECT / "dags").glob("*.py")}
    holding = {
        path.name for path in (PROJECT / "dags").glob("*.py") if "\nwith DAG(" in path.read_text(encoding="utf-8")
    }
    assert files - set(ignored) == holding


def test_no_file_is_too_long() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: n for name, n in lengths.items() if n > MAX_FILE_LINES} == {}


@pytest.mark.slow
def test_no_function_is_too_long() -> None:
    long = {
        f"{name_of(path)}:{function.lineno} {function.name}": body_lines(function)
        for path in python_files()
        for function in functions(path)
        if body_lines(function) > MAX_BODY_LINES
    }
    assert long == {}


@pytest.mark.slow
def test_no_function_takes_too_many_arguments() -> None:
    wide = {
        f"{name_of(path)}:{function.lineno} {function.name}": n_arguments(function)
        for path in python_files(with_tests=False)
        for function in functions(path)
        if n_arguments(function) > MAX_ARGUMENTS and signature_is_ours(function)
    }
    assert wide == {}


@pytest.mark.slow
def test_flags_are_keyword_only() -> None:
    """A call `f(x, True)` cannot be read."""
    positional = [
        f"{name_of(path)}:{function.lineno} {function.name}({argument.arg})"
        for path in python_files(with_tests=False)
        for function in functions(path)
        if signature_is_ours(function)
        for argument in [*function.args.posonlyargs, *function.args.args]
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool"
    ]
    assert positional == []


def test_no_module_is_named_after_nothing() -> None:
    assert [
        name_of(path) for path in python_files() if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES
    ] == []


def test_nothing_is_silenced_without_a_code_or_put_off() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in python_files()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if SILENT_IGNORE.search(line)
    ]
    assert found == []


@pytest.mark.slow
def test_broad_excepts_stand_at_the_outermost_edge_only() -> None:
    edge = {"jobs/cli.py"}
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(with_tests=False)
        if name_of(path) not in edge
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]
    assert found == []


def test_only_the_edges_read_settings() -> None:
    """The library takes plain arguments, so that a test or a notebook can give it any."""
    readers = [
        name_of(path)
        for path in (PROJECT / "analytics").rglob("*.py")
        if path.name != "settings.py" and re.search(r"\bload_settings\(", path.read_text(encoding="utf-8"))
    ]
    assert readers == []


def test_every_test_file_mirrors_a_module() -> None:
    whole = {"tests/test_architecture.py", "tests/test_docs.py"}
    strangers = []
    for path in (PROJECT / "tests").rglob("test_*.py"):
        if path.relative_to(PROJECT).parts[1] not in PACKAGES:
            continue
        folder = PROJECT / path.parent.relative_to(PROJECT / "tests")
        if not folder.is_dir() and not folder.with_suffix(".py").is_file():
            strangers.append(name_of(path))
    assert [name for name in strangers if name not in whole] == []


def test_no_lock_file_holds_addresses() -> None:
    assert [name_of(path) for path in tracked_files() if path.name in LOCKS_WITH_ADDRESSES] == []
    assert ADDRESS_IN_LOCK.search((PROJECT / "requirements.lock").read_text(encoding="utf-8")) is None


def text_lines() -> Iterator[tuple[str, str]]:
    """Yield (file:line, text) of every tracked text file but this one."""
    for path in tracked_files():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{name_of(path)}:{number}", line


def test_no_path_of_one_machine_is_committed() -> None:
    assert [where for where, line in text_lines() if MACHINE_PATH.search(line)] == []


def test_no_package_host_is_committed() -> None:
    found = [
        where
        for where, line in text_lines()
        if re.search(r"https?://|file://|\.conf\b", line) and PACKAGE_HOST.search(line)
    ]
    assert found == []


def test_nothing_large_is_committed() -> None:
    large = {name_of(path): path.stat().st_size for path in tracked_files() if path.stat().st_size > MAX_TRACKED_BYTES}
    assert large == {}


def test_importing_the_library_or_the_command_line_is_light() -> None:
    """Nothing heavy at import time: the command line answers `--help` at once."""
    script = (
        "import sys, jobs.cli; print(*sorted({'pyspark', 'airflow', 'bertopic', 'dash', 'sklearn'} & set(sys.modules)))"
    )
    if not (PROJECT / "jobs" / "cli.py").exists():
        pytest.skip("no command line yet")
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["check", "."], ["format", "--check", "."]])
def test_ruff_is_content(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


@pytest.mark.slow
def test_mypy_is_content() -> None:
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
