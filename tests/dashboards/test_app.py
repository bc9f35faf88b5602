from __future__ import annotations

import socket
from pathlib import Path

import pytest

from dashboards.app import create_app, main


def test_all_scripts_and_styles_are_served_from_here(warehouse: Path) -> None:
    page = create_app(warehouse, "sqlite://", "Asia/Shanghai").server.test_client().get("/").get_data(as_text=True)
    assert 'lang="zh-CN"' in page
    assert "//" not in page.replace("<!--", "").replace("https://www.w3.org", "").split("<body>")[0].split("<title>")[1]
    assert "http://" not in page
    assert "https://" not in page
    assert "dayjs-zh-cn.js" in page


def test_a_taken_port_is_one_sentence_and_exit_two(
    warehouse: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--host", "127.0.0.1", "--port", str(port), "--warehouse", str(warehouse)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(port) in said
    assert "--port" in said


def test_a_port_out_of_range_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--port", "70000"])
    assert stopped.value.code == 2
    assert "70000" in capsys.readouterr().err
