"""What the settings refuse."""

from __future__ import annotations

import pytest

from analytics.errors import ConfigError
from analytics.settings import load_settings


def test_an_object_store_is_no_home() -> None:
    with pytest.raises(ConfigError, match=r"home: expected a folder, got s3a:/bucket/kesheng; mount the store"):
        load_settings(home="s3a://bucket/kesheng")
