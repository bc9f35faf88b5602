"""The contacts behind an event, by their ids."""

from __future__ import annotations

from dashboards.data.source import Source

MOST = 1_000


def evidence_ids(source: Source, event_id: str, *, most: int = MOST) -> list[str]:
    """Return the ids of the contacts behind a spike or fall of mood that may be seen, in order; at most `most`."""
    found = source.rows(
        "SELECT contact_id FROM contact WHERE contact_id IN (SELECT unnest(contact_ids) FROM spike"
        " WHERE spike_id = $event_id UNION ALL SELECT unnest(contact_ids) FROM dip WHERE dip_id = $event_id)"
        f" ORDER BY contact_id LIMIT {int(most)}",
        event_id=event_id,
    )
    return [str(name) for name in found["contact_id"]]
