"""Take what a person said out of the messages that quote it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.identity.decisions import CONTACT, IDENTIFIER
from analytics.inbox.database import empty_log, writing
from analytics.inbox.evidence import quoted_line
from analytics.inbox.tables import AlertRow, CommentRow, IdentityDecisionRow, open_database

ERASED_LINE = "（已按客户要求删除）"
_MARK = "· "
_SHORTEST = 6


def forget_verbatims(url: str, texts: Collection[str]) -> int:
    """Replace every quotation of one of the masked texts in alerts' messages and comments; return how many there were.

    Parameters
    ----------
    url : str
        SQLAlchemy address of the inbox.
    texts : collection of str
        Turns of the person, as table `utterance` has them.
    """
    quoted = {quoted_line(text) for text in texts}
    n_replaced = 0
    engine = open_database(url)
    with writing(engine) as session:
        for row in session.scalars(select(AlertRow)):
            lines = row.body.split("\n")
            hit = [number for number, line in enumerate(lines) if line.removeprefix(_MARK) in quoted]
            for number in hit:
                lines[number] = f"{_MARK}{ERASED_LINE}"
            if hit:
                row.body = "\n".join(lines)
                n_replaced += len(hit)
        n_replaced += _forget_in_comments(session, quoted)
    empty_log(engine)
    engine.dispose()
    return n_replaced


def _forget_in_comments(session: Session, quoted: Collection[str]) -> int:
    """Replace quotations that somebody copied into a comment; very short ones may be anybody's words."""
    told = [text for text in quoted if len(text) >= _SHORTEST]
    n_replaced = 0
    for row in session.scalars(select(CommentRow)):
        for text in told:
            if text in row.text:
                row.text = row.text.replace(text, ERASED_LINE)
                n_replaced += 1
    return n_replaced


def forget_decisions(url: str, identifiers: Collection[str], contact_ids: Collection[str]) -> int:
    """Delete what was decided by hand about a person; return how many decisions there were."""
    about = {*(f"{IDENTIFIER}{one}" for one in identifiers), *(f"{CONTACT}{one}" for one in contact_ids)}
    engine = open_database(url)
    with Session(engine) as session, session.begin():
        rows = [row for row in session.scalars(select(IdentityDecisionRow)) if about & {row.left, row.right}]
        for row in rows:
            session.delete(row)
    engine.dispose()
    return len(rows)
