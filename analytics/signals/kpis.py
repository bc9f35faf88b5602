"""The indicators of each day, channel and team with intervals, and the parts from which any roll-up adds up.

What is computed stands in the declarations (`analytics.kpi_catalog`); DuckDB computes it over Arrow. Sums are taken of
decimals of six places, so they do not depend on the order of rows, and parts add up to the whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.errors import ConfigError
from analytics.kpi_catalog import INDICATORS, Indicator
from analytics.kpi_contacts import CONTACT_COLUMNS, with_history
from analytics.schema import ALL, TABLES
from analytics.signals.kpi_estimates import estimates, median_estimates
from analytics.signals.tables import require_columns

_KEYS = ("channel", "product", "team", "topic_id")
_ALWAYS = ("contact_id", "started_at", *_KEYS)
_MEASURE_TYPES = {"count": "TINYINT", "share": "TINYINT", "median": "DOUBLE", "mean": "DECIMAL(15, 6)"}
"""What a measure is kept as. Of decimals below a thousand million the squares of 10^8 contacts can be added up."""
_N_THREADS = 2


@dataclass(frozen=True)
class KpiTables:
    """Rows of the tables `kpi_day` and `kpi_cube`, in order of their keys."""

    day: pa.Table
    cube: pa.Table


def needed_columns(indicators: Iterable[Indicator] = INDICATORS.values()) -> tuple[str, ...]:
    """Return the columns of `contact` that the indicators are computed from, in the table's order.

    Examples
    --------
    >>> needed_columns([INDICATORS["csat_share"]])
    ('contact_id', 'kind', 'channel', 'team', 'product', 'started_at', 'rating', 'topic_id', 'person_id')
    """
    # The history needs the person, whether or not an indicator reads it.
    wanted = {*_ALWAYS, "person_id", *(name for one in indicators for name in one.source)}
    return tuple(name for name in CONTACT_COLUMNS if name in wanted)


def kpi_tables(
    contacts: pd.DataFrame | pa.Table,
    indicators: Mapping[str, Indicator] = INDICATORS,
    *,
    days: Collection[dt.date] | None = None,
    seen_until: dt.datetime | None = None,
    zone: str = "Asia/Shanghai",
) -> KpiTables:
    """Return the indicators of every day, channel and team (and of all of them), and their parts by cell.

    Parameters
    ----------
    contacts : DataFrame or Table
        `needed_columns` of `contact`, times in UTC. Hand in the contacts of the `look_hours` before and after the
        days as well: who came back is seen in them.
    indicators : mapping of str to Indicator
        By name; the project's if not given.
    days : collection of date, optional
        Local days that are reported; by default all.
    seen_until : datetime, optional
        Start of the newest contact there is anywhere, in UTC; by default that of `contacts`. What needs hours to pass
        counts only contacts of which so much has been seen.
    zone : str
        Zone of the local day.

    Returns
    -------
    KpiTables
        A cell in which an indicator has no contact has no row. n is the number of contacts that it is computed from.

    Raises
    ------
    SchemaError
        If a column is missing.
    ConfigError
        If an expression does not fit what the columns hold.
    """
    columns = needed_columns(indicators.values())
    rows = _as_arrow(contacts, columns)
    with duckdb.connect(config={"threads": _N_THREADS}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("given", rows)
        try:
            connection.execute(_measured(indicators.values()), {"zone": zone, "seen_until": seen_until})
        except duckdb.Error:
            # The message of DuckDB holds the value that did not fit, which may be a customer's.
            raise ConfigError(
                f"indicators {', '.join(indicators)}: an expression does not fit what its columns hold; expected"
                " numbers compared with numbers and text with text; see data/kpis and the site's kpis folder"
            ) from None
        if days is not None:
            connection.register("asked", pa.table({"day": pa.array(sorted(days), pa.date32())}))
            connection.execute("DELETE FROM measured WHERE day NOT IN (SELECT day FROM asked)")
        return KpiTables(_day_table(connection, indicators), _cube(connection, indicators))


def kpi_day(contacts: pd.DataFrame, *, first_day: dt.date | None = None, zone: str = "Asia/Shanghai") -> pd.DataFrame:
    """Return table `kpi_day` of the project's indicators from `first_day` on; see `kpi_tables`."""
    found: pd.DataFrame = kpi_tables(contacts, zone=zone).day.to_pandas()
    return found if first_day is None else found[found["day"] >= first_day].reset_index(drop=True)


def _as_arrow(contacts: pd.DataFrame | pa.Table, columns: tuple[str, ...]) -> pa.Table:
    schema = pa.schema([(name, CONTACT_COLUMNS[name]) for name in columns])
    if isinstance(contacts, pa.Table):
        require_columns(pd.DataFrame(columns=contacts.column_names), "contacts", columns)
        return contacts.select(columns).cast(schema)
    require_columns(contacts, "contacts", columns)
    # A column of nothing but gaps has whatever type pandas gave it; None goes into every type of Arrow's.
    empty = {name: None for name in columns if contacts[name].isna().all()}
    return pa.Table.from_pandas(contacts[list(columns)].assign(**empty), schema=schema, preserve_index=False)


def _measured(indicators: Iterable[Indicator]) -> str:
    """Return the SQL that makes `measured`: a row a contact, a column an indicator, null where it is not counted."""
    measures = ", ".join(
        f"CASE WHEN {one.among} THEN TRY_CAST(({one.measure}) AS {_MEASURE_TYPES[one.statistic]}) END AS {one.name}"
        for one in indicators
    )
    keys = ", ".join(f"coalesce({key}, '') AS {key}" for key in _KEYS)
    newest = "coalesce(CAST($seen_until AS TIMESTAMPTZ), (SELECT max(started_at) FROM given))"
    return f"""
        CREATE TEMP TABLE measured AS
        SELECT CAST(timezone($zone, started_at) AS DATE) AS day, {keys}, {measures}
        FROM ({with_history("given", newest)})
    """


def _sums(indicators: Iterable[Indicator]) -> str:
    """Return number, sum and sum of squares of each additive indicator, exact whatever the order of rows."""
    return ", ".join(
        f"count({name}) AS n_{name}, CAST(coalesce(sum({name}), 0) AS DOUBLE) AS sum_{name},"
        f" CAST(coalesce(sum({_square(one)}), 0) AS DOUBLE) AS square_{name}"
        for one in indicators
        for name in (one.name,)
        if one.is_additive
    )


def _square(one: Indicator) -> str:
    wide = f"CAST({one.name} AS DECIMAL(37, 6))"
    return one.name if one.statistic in ("count", "share") else f"{wide} * {wide}"


def _cube(connection: duckdb.DuckDBPyConnection, indicators: Mapping[str, Indicator]) -> pa.Table:
    """Return table `kpi_cube`."""
    schema = TABLES["kpi_cube"].arrow()
    keys = ", ".join(("day", *_KEYS))
    connection.execute(
        f"CREATE TEMP TABLE cells AS SELECT {keys}, {_sums(indicators.values())} FROM measured GROUP BY ALL"
    )
    parts = " UNION ALL ".join(
        f"SELECT {keys}, '{name}' AS indicator, sum_{name} AS numerator, square_{name} AS squares, n_{name} AS n"
        f" FROM cells WHERE {_counted(one)}"
        for name, one in indicators.items()
        if one.is_additive
    )
    found: pa.Table = connection.sql(f"SELECT * FROM ({parts}) ORDER BY {keys}, indicator").to_arrow_table()
    table: pa.Table = found.select(schema.names).cast(schema)
    return table


def _counted(one: Indicator) -> str:
    """Return the condition under which a cell has a row: a count of nothing is no contact."""
    return f"sum_{one.name} > 0" if one.statistic == "count" else f"n_{one.name} > 0"


def _day_table(connection: duckdb.DuckDBPyConnection, indicators: Mapping[str, Indicator]) -> pa.Table:
    """Return table `kpi_day`."""
    medians = [name for name, one in indicators.items() if not one.is_additive]
    lists = "".join(f", list_sort(list({name}) FILTER ({name} IS NOT NULL)) AS sorted_{name}" for name in medians)
    wide = connection.sql(f"""
        SELECT day,
            CASE WHEN grouping(channel) = 1 THEN '{ALL}' ELSE channel END AS channel,
            CASE WHEN grouping(team) = 1 THEN '{ALL}' ELSE team END AS team,
            {_sums(indicators.values())}{lists}
        FROM measured
        GROUP BY GROUPING SETS ((day), (day, channel), (day, team), (day, channel, team))
    """).to_arrow_table()
    keys = wide.select(["day", "channel", "team"]).to_pandas()
    rows = pd.concat([_rows(keys, wide, one) for one in indicators.values()], ignore_index=True)
    schema = TABLES["kpi_day"].arrow()
    rows = rows.sort_values(["day", "channel", "team", "indicator"], ignore_index=True)
    return pa.Table.from_pandas(rows[schema.names], schema=schema, preserve_index=False)


def _rows(keys: pd.DataFrame, wide: pa.Table, one: Indicator) -> pd.DataFrame:
    """Return the rows of one indicator."""
    if one.is_additive:
        n, total, squares = (wide[f"{part}_{one.name}"].to_numpy() for part in ("n", "sum", "square"))
        counted = total if one.statistic == "count" else n
        found = estimates(one.statistic, counted.astype(np.float64), total, squares)
    else:
        lists = wide[f"sorted_{one.name}"].combine_chunks()
        counted, found = median_estimates(lists)
    value, low, high = found
    n_contacts = counted.astype(np.int64)
    rows = keys.assign(indicator=one.name, value=value, low=low, high=high, n=n_contacts)
    return rows[n_contacts > 0]
