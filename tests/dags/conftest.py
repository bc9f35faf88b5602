"""Airflow reads its settings when it is first imported: they must be set before any test module does."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from dags.environment import airflow_environment

_HOME = Path(tempfile.mkdtemp(prefix="kesheng-airflow-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
_ENVIRONMENT = airflow_environment(_HOME)
os.environ.update({name: value for name, value in _ENVIRONMENT.items() if name.startswith("AIRFLOW_")})
