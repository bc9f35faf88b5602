from __future__ import annotations

import pytest

from analytics.errors import ConfigError
from dags.pools import compare

LAKE, WAREHOUSE = {"pool": "lake", "slots": "1"}, {"pool": "warehouse", "slots": "1"}


def test_a_pool_that_is_missing_or_too_wide_is_named_with_what_to_do() -> None:
    compare([LAKE, WAREHOUSE, {"pool": "default_pool", "slots": "128"}])
    with pytest.raises(ConfigError, match=r"warehouse is missing; .* airflow pools import .*pools.json"):
        compare([LAKE])
    with pytest.raises(ConfigError, match="lake has 4 slots"):
        compare([LAKE | {"slots": "4"}, WAREHOUSE])
