from pathlib import Path

import pytest

from jobs import class_archive
from jobs.class_archive import archive_file, make_archive, sharing


@pytest.fixture
def java(tmp_path: Path) -> Path:
    home = tmp_path / "java"
    (home / "bin").mkdir(parents=True)
    (home / "release").write_text('JAVA_VERSION="17.0.1"\n')
    return home / "bin" / "java"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cache" / "conf").mkdir(parents=True)
    return tmp_path / "cache"


def test_another_java_has_another_archive(java, folder):
    before = archive_file(java, folder)
    assert archive_file(java, folder) == before
    (java.parent.parent / "release").write_text('JAVA_VERSION="17.0.2"\n')
    assert archive_file(java, folder) != before


def test_another_jar_has_another_archive(java, folder, monkeypatch):
    before = archive_file(java, folder)
    jars = folder.parent / "jars"
    jars.mkdir()
    monkeypatch.setattr(class_archive, "_jars", lambda: jars)
    without = archive_file(java, folder)
    (jars / "more.jar").write_bytes(b"x")
    assert len({before, without, archive_file(java, folder)}) == 3


def test_without_an_archive_or_with_a_class_path_of_the_site_java_starts_as_before(java, folder):
    assert sharing(java, {}, folder) is None
    archive_file(java, folder).touch()
    shared = sharing(java, {}, folder)
    assert shared is not None
    assert f"-XX:SharedArchiveFile={archive_file(java, folder)}" in shared.options
    assert shared.conf_dir == folder / "conf"
    assert sharing(java, {"SPARK_CONF_DIR": "/etc/spark"}, folder) is None


def test_one_that_fails_leaves_nothing_and_one_that_works_takes_the_place_of_the_old(java, folder, monkeypatch):
    for name in ("SPARK_SUBMIT_OPTS", "SPARK_CONF_DIR"):
        monkeypatch.setenv(name, "")  # so that what is set here is taken back
    old = folder / "spark-3.0.0-old.jsa"
    old.touch()

    def fails(_: Path) -> None:
        raise OSError("no room")

    monkeypatch.setattr(class_archive, "_load_classes", fails)
    with pytest.raises(OSError, match="no room"):
        make_archive(java, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["conf", old.name]

    monkeypatch.setattr(class_archive, "_load_classes", lambda tables: (tables.parent / "new.jsa").touch())
    made = make_archive(java, folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(["conf", made.name])
