"""What a command reads before it says something: no library that it does not need."""

import subprocess
import sys

import pytest

from analytics.errors import ConfigError
from analytics.settings import PROJECT
from jobs.stages import AFTER, DAILY, STAGES, refuse_unknown

HEAVY = "pandas numpy pyarrow scipy sklearn duckdb pyspark sqlalchemy alembic httpx dash babel phonenumbers pydantic"
RUN = f"""
import sys
sys.argv = ["kesheng", "--help"]
from jobs.cli import main
try:
    main()
finally:
    sys.stderr.write(" ".join(name for name in {HEAVY.split()} if name in sys.modules))
"""


def test_the_help_of_all_commands_reads_none_of_the_heavy_libraries():
    done = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, cwd=PROJECT, check=False)
    assert done.returncode == 0
    assert "analyze" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("job", ["", *AFTER, *STAGES, *DAILY])
def test_every_job_and_stage_is_known(job):
    refuse_unknown(job)


def test_a_name_that_is_no_job_is_refused_with_those_there_are():
    with pytest.raises(ConfigError, match=r"sentimint.*sentiment_hour"):
        refuse_unknown("sentimint")
