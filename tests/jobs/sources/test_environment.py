import pytest

from analytics.errors import ConfigError
from analytics.source_settings import SqlSettings
from jobs.sources.environment import filled_in, variables_in
from jobs.sources.sql_database import address


def test_variables_are_replaced_once_and_nothing_else_is() -> None:
    environ = {"A": "${B} $C", "B": "b"}
    assert filled_in("${A}-${B}-$A-{A}", environ, where="x") == "${B} $C-b-$A-{A}"
    assert variables_in("${A}-${B}-$A") == ("A", "B")


@pytest.mark.parametrize("environ", [{}, {"TOKEN": ""}, {"TOKEN": " \n"}])
def test_a_variable_without_a_value_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"http\.headers\.X needs the environment variable TOKEN, which is not set"):
        filled_in("Bearer ${TOKEN}", environ, where="http.headers.X")


def test_each_part_of_an_address_is_filled_where_it_stands() -> None:
    url = "postgresql://${U}:${P}@${H}:5432/${D}?sslmode=require&sslpassword=${S}"
    environ = {"U": "a:b", "P": "x@y/z?%20", "H": "db", "D": "crm/1", "S": "k&k"}
    found = address(SqlSettings(url=url, table="t", cursor="c", key="k"), environ)
    assert (found.username, found.password, found.host, found.port, found.database) == (
        "a:b",
        "x@y/z?%20",
        "db",
        5432,
        "crm/1",
    )
    assert dict(found.query) == {"sslmode": "require", "sslpassword": "k&k"}


def test_the_whole_address_may_be_one_variable() -> None:
    settings = SqlSettings(url="${CRM_URL}", table="t", cursor="c", key="k")
    assert address(settings, {"CRM_URL": "mysql://u:p%40@h/d"}).password == "p@"
