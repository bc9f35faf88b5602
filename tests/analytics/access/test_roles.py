from __future__ import annotations

from pathlib import Path

import pytest

from analytics.access.limits import Limits
from analytics.access.roles import load_roles, role_of
from analytics.errors import ConfigError


def written(folder: Path, text: str, name: str = "beauty") -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_roles_see_all_contacts_and_readers_decide_nothing() -> None:
    roles = load_roles()
    assert all(not role.limits.any for role in roles.values())
    assert {name for name, role in roles.items() if role.may_decide} == {"product", "operations", "data"}
    assert roles["operations"].pages[0] == "/operations" and roles["data"].pages == ()


def test_a_site_adds_roles_and_replaces_shipped_ones(tmp_path: Path) -> None:
    written(tmp_path, 'label = "美妆"\npages = ["/topics"]\n[limits]\nproducts = ["面膜", ""]\n[defaults]\ndays = 7')
    written(tmp_path, 'label = "老板"', "leader")
    roles = load_roles(tmp_path)
    assert roles["beauty"].limits == Limits(products=("面膜", "")) and roles["beauty"].defaults.days == 7
    assert (roles["leader"].label, roles["leader"].label_en, roles["leader"].pages) == ("老板", "老板", ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("label = 1", "label"),
        ('label = "x"\nlimit = {}', "limit"),
        ('label = "x"\n[limits]\nchanels = ["app"]', "chanels"),
        ('label = "x"\n[limits]\nchannels = ["*"]', "expected values"),
        ('label = "x"\npages = ["topics"]', "pages"),
        ("label = ", "TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        load_roles(written(tmp_path, text))
    assert "beauty.toml" in str(refused.value)


def test_an_unknown_role_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="leader"):
        role_of(load_roles(), "boss")


def test_something_over_all_values_is_not_for_somebody_limited() -> None:
    limits = Limits(channels=("app",), products=("",))
    assert limits.admits("app", "") and limits.admits("app", None, "any team")
    assert not limits.admits("app") and not limits.admits("*", "") and not limits.admits("app", "*")
