"""A killed run's Spark application is gone before another one begins."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from analytics.errors import StageError
from jobs.orphan import _began as began  # the tests make signatures as a driver does
from jobs.orphan import end_orphan, machine


@pytest.fixture
def hanging() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not end by itself, as a JVM that hangs."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def left_by(pid: int, *, since: str, page: str = "", of: str | None = None) -> dict[str, object]:
    driver = {"machine": of or machine(), "jvm": pid, "jvm_began": since}
    return {"what": "kesheng run", "application": {"id": "app-1", "master": "spark://m:7077", "page": page, **driver}}


def test_a_jvm_that_hangs_is_ended(hanging: subprocess.Popen[bytes]) -> None:
    end_orphan(left_by(hanging.pid, since=began(hanging.pid)), patience=0, limit=20)
    assert hanging.wait(timeout=5) != 0


def test_a_process_that_got_the_number_since_is_left_alone(hanging: subprocess.Popen[bytes]) -> None:
    end_orphan(left_by(hanging.pid, since="1"), patience=0, limit=5)
    end_orphan(left_by(hanging.pid, since=began(hanging.pid), of="another machine"), patience=0, limit=5)
    end_orphan({"what": "killed before it had a session"}, patience=0, limit=5)
    assert hanging.poll() is None


@pytest.mark.parametrize("ends", [True, False])
def test_an_application_that_a_master_still_runs_is_waited_for(httpserver: HTTPServer, *, ends: bool) -> None:
    asked: list[str] = []

    def page(_: Request) -> Response:
        asked.append("page")
        running = [] if ends and len(asked) > 1 else [{"id": "app-1", "name": "kesheng understand"}]
        return Response(json.dumps({"activeapps": [{"id": "app-9"}, *running]}))

    httpserver.expect_request("/json/").respond_with_handler(page)
    left = left_by(1, since="", page=httpserver.url_for("").rstrip("/"))
    if ends:
        end_orphan(left, patience=0, limit=20)
        assert asked == ["page", "page"]
    else:
        with pytest.raises(StageError, match=r"app-1 of a killed run .kesheng run. still runs at spark://m:7077"):
            end_orphan(left, patience=0, limit=0.6)


def test_a_master_that_does_not_answer_stops_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    end_orphan(left_by(1, since="", page="http://127.0.0.1:9"), patience=0, limit=5)
    assert "does not answer" in capsys.readouterr().err
