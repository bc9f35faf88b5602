from analytics.settings import DATA
from analytics.simulate.sample import write_sample


def test_the_committed_sample_is_what_the_simulator_writes(tmp_path):
    write_sample(tmp_path)
    for path in tmp_path.iterdir():
        assert (DATA / "sample" / path.name).read_bytes() == path.read_bytes(), f"write data/sample/{path.name} anew"


def test_the_sample_is_small():
    assert sum(path.stat().st_size for path in (DATA / "sample").iterdir()) < 40_000
