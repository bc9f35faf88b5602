import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analytics.settings import load_settings
from jobs.person_key import with_person_key


def test_a_home_draws_one_key_and_keeps_it_to_its_owner(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "var")
    with ThreadPoolExecutor(8) as pool:
        keys = {found.person_key for found in pool.map(lambda _: with_person_key(settings), range(16))}
    assert len(keys) == 1
    (key,) = keys
    assert len(key) == 64
    assert stat.S_IMODE((tmp_path / "var" / "person.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["person.key"]
    other = with_person_key(load_settings(home=tmp_path / "other"))
    assert other.person_key != key


def test_the_environments_key_goes_before_the_homes(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, person_key="theirs")
    assert with_person_key(settings).person_key == "theirs"
    assert not (tmp_path / "person.key").exists()
