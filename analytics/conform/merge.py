"""Records that came in several files: the newest version stays, the parts of a session are put together.

Works on the rows of several conformed files at once, as `Conformed` gives them, each row tagged with the order of
collection of its file. What loses becomes a refused row: for each file rows in = contacts (or turns) + rejected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analytics.conform.assemble import local_days
from analytics.conform.outcome import lake_frame
from analytics.conform.responses import RESPONSES, response_seconds
from analytics.schema import LIVE_KINDS

_RANK = ["version", "order", "position"]
_FIRST_KNOWN = (
    "channel",
    "agent_id",
    "team",
    "product",
    "category",
    "status",
    "tier",
    "due_at",
    "n_reopened",
    "n_transfers",
    "rating",
    "title",
)


@dataclass(frozen=True)
class Tagged:
    """Rows of several files.

    Attributes
    ----------
    contacts : DataFrame
        Table `contact`, and: order (of collection of the file), version, hash (of the file).
    utterances : DataFrame
        Table `utterance`, and: order, version, message (None where a row is a whole contact), hash.
    identifiers : DataFrame
        Table `contact_identifier`, and: order.
    gone : DataFrame
        `GONE_COLUMNS`, and: order, position.
    rejected : DataFrame
        Table `rejected`: what became superseded by `settle`; empty before.
    """

    contacts: pd.DataFrame
    utterances: pd.DataFrame
    identifiers: pd.DataFrame
    gone: pd.DataFrame
    rejected: pd.DataFrame


def settle(rows: Tagged, zone: str) -> Tagged:
    """Return what is left of contacts when all that is known of them is taken together.

    Parameters
    ----------
    rows : Tagged
        All rows of some contacts; no contact may have rows elsewhere.
    zone : str
        Zone of local days.

    Notes
    -----
    Of whole contacts, and of each message, the row of the highest version stays; of equal or missing ones that of the
    file collected last, and in a file the last row. If that row says the record was deleted, none stays. A session's
    head says what its earliest part knows; its times, counts and waits are those of the turns that stay.
    """
    sessions = set(rows.utterances.loc[rows.utterances["message"].notna(), "contact_id"])
    sessions |= set(rows.gone.loc[rows.gone["message"].notna(), "contact_id"])
    of_session = _split(rows, sessions)
    whole = _split(rows, set(rows.contacts["contact_id"]) - sessions)
    return _joined(_newest_contacts(whole), _merged_sessions(of_session, zone))


def _split(rows: Tagged, ids: set[str]) -> Tagged:
    parts = {
        name: frame[frame["contact_id"].isin(ids)]
        for name in ("contacts", "utterances", "identifiers", "gone")
        for frame in (getattr(rows, name),)
    }
    return replace(rows, **parts)


def _winners(claims: pd.DataFrame, gone: pd.DataFrame, key: list[str]) -> pd.Series[bool]:
    """Return which claims win: the last of their key in rank, no deletion coming after it."""
    sides = [
        side[key].astype(object).join(side[_RANK].astype("float64")).assign(gone=is_gone, row=rows)
        for side, is_gone, rows in ((claims, False, claims.index), (gone, True, -1))
        if len(side)
    ]
    if not sides:
        return pd.Series(dtype=bool)
    ranked = pd.concat(sides, ignore_index=True).sort_values(_RANK, kind="stable", na_position="first")
    last = ranked.drop_duplicates(key, keep="last")
    return claims.index.to_series().isin(last.loc[~last["gone"], "row"])


def _newest_contacts(rows: Tagged) -> Tagged:
    contacts = rows.contacts.reset_index(drop=True)
    wins = _winners(contacts, rows.gone, ["contact_id"])
    kept = contacts[wins]
    pairs = pd.MultiIndex.from_frame(kept[["contact_id", "order"]])
    return replace(
        rows,
        contacts=kept,
        utterances=_of(rows.utterances, pairs),
        identifiers=_of(rows.identifiers, pairs),
        rejected=_superseded(contacts[~wins]),
    )


def _of(rows: pd.DataFrame, pairs: pd.MultiIndex) -> pd.DataFrame:
    return rows[pd.MultiIndex.from_frame(rows[["contact_id", "order"]]).isin(pairs)]


def _merged_sessions(rows: Tagged, zone: str) -> Tagged:
    turns = rows.utterances.reset_index(drop=True)
    wins = _winners(turns, rows.gone, ["contact_id", "message"])
    lost = turns[~wins].merge(rows.contacts[["contact_id", "order", "source"]], on=["contact_id", "order"])
    left = turns[wins].sort_values(["contact_id", "said_at", "order", "position"], kind="stable", ignore_index=True)
    contacts = _heads(rows.contacts[rows.contacts["contact_id"].isin(left["contact_id"])], left, zone)
    days = contacts.set_index("contact_id")["day"]
    left = left.assign(day=left["contact_id"].map(days), turn=left.groupby("contact_id").cumcount())
    known = rows.identifiers[rows.identifiers["contact_id"].isin(days.index)]
    known = known.assign(day=known["contact_id"].map(days))
    return replace(
        rows,
        contacts=contacts,
        utterances=left,
        identifiers=known.drop_duplicates(["contact_id", "id_kind", "id_hash"]),
        rejected=_superseded(lost),
    )


def _heads(parts: pd.DataFrame, turns: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return one row a session, from its parts and the turns that stay."""
    ordered = parts.sort_values(["contact_id", "started_at", "order"], kind="stable")
    if ordered.empty:
        return ordered
    by_session, by_turns = ordered.groupby("contact_id", sort=True), turns.groupby("contact_id", sort=True)
    heads = ordered.drop_duplicates("contact_id").set_index("contact_id")
    known = by_session[list(_FIRST_KNOWN)].first()
    started = by_turns["said_at"].min()
    customer = turns[turns["speaker"] == "customer"]
    heads = heads.assign(
        **{name: known[name] for name in _FIRST_KNOWN},
        started_at=started,
        ended_at=by_session["ended_at"].max().combine(by_turns["said_at"].max(), _later),
        day=local_days(started, zone),
        n_turns=by_turns.size(),
        n_customer_turns=customer.groupby("contact_id").size().reindex(heads.index, fill_value=0),
    )
    live = turns[turns["contact_id"].isin(heads.index[heads["kind"].isin(LIVE_KINDS)])]
    waits = response_seconds(live.rename(columns={"contact_id": "contact"})).reindex(heads.index)
    return heads.assign(**{name: waits[name] for name in RESPONSES}).reset_index()[list(parts.columns)]


def _later(one: pd.Timestamp, other: pd.Timestamp) -> pd.Timestamp:
    return other if pd.isna(one) or one < other else one


def _superseded(lost: pd.DataFrame) -> pd.DataFrame:
    columns = {name: lost[name].reset_index(drop=True) for name in ("day", "source", "file", "position")}
    raw_hash = lost["hash"].reset_index(drop=True)
    return lake_frame("rejected", {**columns, "reason": "superseded", "raw_hash": raw_hash})


def _joined(one: Tagged, other: Tagged) -> Tagged:
    names = ("contacts", "utterances", "identifiers", "rejected")
    frames = {name: [frame for part in (one, other) if len(frame := getattr(part, name))] for name in names}
    # As objects: a column that is all gaps in one part has another type there.
    joined = {
        name: pd.concat([frame.astype(object) for frame in found], ignore_index=True)
        if len(found) > 1
        else (found or [getattr(one, name)])[0]
        for name, found in frames.items()
    }
    return replace(one, **joined, gone=one.gone.iloc[:0])
