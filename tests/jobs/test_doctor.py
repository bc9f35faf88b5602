from __future__ import annotations

import datetime as dt
import socket
import subprocess
from pathlib import Path

import pytest

from analytics.notify_settings import ChannelSettings, NotifySettings
from analytics.settings import Settings, SourceSettings, TextSettings
from jobs import doctor
from jobs.run_log import recorded
from jobs.window import Window


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "var")


def by_name(findings: list[doctor.Finding]) -> dict[str, doctor.Finding]:
    return {finding.what: finding for finding in findings}


def test_everything_is_looked_at_and_whatever_is_not_ok_has_a_remedy(settings: Settings) -> None:
    findings = doctor.diagnose(settings)
    expected = {
        "Channels",
        "Python",
        "Packages",
        "Java",
        "Settings",
        "Word lists",
        "Days",
        "Home",
        "Models",
        "Port",
        "Browser",
        "Chinese font",
    }
    assert expected <= set(by_name(findings))
    for finding in findings:
        assert finding.detail
        assert bool(finding.remedy) == (finding.state != "ok"), finding


def test_settings_that_cannot_be_read_are_one_finding_among_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "settings.toml"
    broken.write_text("home = [", encoding="utf-8")
    monkeypatch.setenv("KESHENG_SETTINGS", str(broken))
    monkeypatch.setenv("COLUMNS", "200")
    assert doctor.print_diagnosis() is False
    printed = capsys.readouterr().out
    assert printed.count("Settings") == 1 and "is not valid TOML" in printed and "Java" in printed


def test_the_table_says_whether_nothing_is_missing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "load_settings", lambda: settings)
    monkeypatch.setattr(doctor, "diagnose", lambda _: [doctor.Finding("Port", "warn", "[taken]", "choose [another]")])
    assert doctor.print_diagnosis() is True
    printed = capsys.readouterr().out
    assert "[taken]" in printed and "[another]" in printed


def test_looking_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    doctor.diagnose(settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("version", "state"), [((3, 10), "missing"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "missing")]
)
def test_pythons_outside_of_what_was_tried_are_refused(version: tuple[int, int], state: str) -> None:
    assert doctor.check_python(version).state == state


def test_a_package_that_is_missing_or_of_another_version_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("pytest==0.0.1\n# a comment\nno-such-package==1.0\nalso-none==1 ; sys_platform == 'plan9'\n")
    finding = doctor.check_packages(lock)
    assert finding.state == "missing"
    assert "2 of 2 differ" in finding.detail and "no-such-package missing" in finding.detail
    lock.write_text("pytest==0.0.1\n")
    assert doctor.check_packages(lock).state == "warn"
    lock.write_text("pytest>=1\n")
    assert doctor.check_packages(lock).state == "ok"
    assert doctor.check_packages(tmp_path / "none").state == "warn"


def test_missing_java_keeps_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_none(environ: object) -> Path:
        raise doctor.KeshengError("Java: Spark needs version 17 or later, found none; type: brew install openjdk@17")

    monkeypatch.setattr(doctor, "find_java", find_none)
    finding = doctor.check_java({})
    assert (finding.state, finding.remedy) == ("missing", "type: brew install openjdk@17")


def test_a_source_without_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "there.csv").touch()
    sources = {
        "there": SourceSettings(path=str(tmp_path / "*.csv"), kind="review"),
        "gone": SourceSettings(path=str(tmp_path / "*.xlsx"), kind="review"),
    }
    findings = by_name(doctor.check_settings(Settings(sources=sources)))
    assert "Source there" not in findings
    assert findings["Source gone"].state == "warn" and "sources.gone.path" in findings["Source gone"].remedy


def test_a_word_list_that_cannot_be_read_is_missing(tmp_path: Path) -> None:
    settings = Settings(text=TextSettings(user_words=(tmp_path / "none.txt",)))
    finding = doctor.check_words(settings)
    assert finding.state == "missing" and "none.txt" in finding.detail


def test_channels_are_told_by_name_and_a_missing_secret_is_a_warning(tmp_path: Path) -> None:
    robot = ChannelSettings(kind="wecom", url="https://qyapi.weixin.qq.com/send?key=s3cret")
    bare = ChannelSettings(kind="dingtalk", url="${NOT_SET}")
    settings = Settings(home=tmp_path, notify=NotifySettings(channels={"duty": robot, "bare": bare}))
    all_of_them, missing = doctor.check_channels(settings, {})
    assert all_of_them.detail == "console, duty (wecom), bare (dingtalk)"
    assert (missing.what, missing.state) == ("Channel bare", "warn")
    assert "NOT_SET" in missing.detail
    assert "s3cret" not in str([all_of_them, missing])


def test_a_home_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = doctor.check_home(tmp_path / "file" / "var")
    assert finding.state == "missing" and "KESHENG_HOME" in finding.remedy


def test_little_room_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_BYTES", 10**18)
    assert doctor.check_home(tmp_path).state == "warn"


def test_models_of_a_run_are_counted(tmp_path: Path) -> None:
    assert doctor.check_models(tmp_path / "models").state == "warn"
    (tmp_path / "sentiment.npz").touch()
    assert doctor.check_models(tmp_path).detail.startswith("1 files")


def test_a_taken_port_is_a_warning() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert doctor.check_port("127.0.0.1", port).state == "warn"
    assert doctor.check_port("127.0.0.1", port).state == "ok"


def test_without_browser_or_font_only_the_browser_tests_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    for finding in (doctor.check_browser(), doctor.check_chinese_font()):
        assert finding.state == "warn" and "browser tests only" in finding.remedy


def test_fonts_are_what_fontconfig_says(monkeypatch: pytest.MonkeyPatch) -> None:
    said = subprocess.CompletedProcess([], 0, stdout="Noto Sans CJK SC,思源黑体\nWenQuanYi Zen Hei\n")
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *arguments, **options: said)
    assert doctor.check_chinese_font().detail == "Noto Sans CJK SC, WenQuanYi Zen Hei"


def test_stale_days_are_told_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path)
    assert doctor.check_days(settings).state == "ok"
    (settings.lake / "run").mkdir(parents=True)
    monkeypatch.setattr("jobs.stale.current_inputs", lambda *given: {"segment": {"dictionary": "d2"}})
    assert doctor.check_days(settings).state == "ok"
    day = dt.date(2026, 3, 1)
    with recorded("segment", Window(day, day), settings.lake) as counts:
        counts.inputs = {"dictionary": "d1"}
    found = doctor.check_days(settings)
    assert found.state == "warn" and "segment: dictionary" in found.detail and "--stale" in found.remedy
