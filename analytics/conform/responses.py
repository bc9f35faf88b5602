"""How long customers waited for an answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

RESPONSES = ("first_response_seconds", "mean_response_seconds")


def response_seconds(turns: pd.DataFrame) -> pd.DataFrame:
    """Return the first and the mean response time of each contact.

    First: from the customer's first turn to the first agent turn after it. Mean: over those customer turns whose next
    turn that is not a customer's is an agent's, the time until it. Bots and systems do not answer, so a customer turn
    before a bot's has no wait. Times are those of `said_at`, so that both can be computed again from table
    `utterance`; for calls the wait therefore holds the customer's own words.

    Parameters
    ----------
    turns : DataFrame
        Columns contact, speaker, said_at (datetime64[us, UTC], NaT where unknown); the turns of a contact stand
        together, in order of time.

    Returns
    -------
    DataFrame, one row a contact that had an answer
        Columns first_response_seconds, mean_response_seconds; index: contact.

    Examples
    --------
    >>> times = pd.to_datetime(["2026-01-01 10:00:00", "2026-01-01 10:00:30", "2026-01-01 10:01:00"], utc=True)
    >>> turns = pd.DataFrame({"contact": 1, "speaker": ["customer", "customer", "agent"], "said_at": times})
    >>> response_seconds(turns).values.tolist()
    [[60.0, 45.0]]
    """
    if turns.empty:
        return pd.DataFrame(columns=list(RESPONSES), dtype="float64")
    contact = turns["contact"].to_numpy()
    said_at = turns["said_at"].reset_index(drop=True)
    is_customer = (turns["speaker"] == "customer").to_numpy()
    is_agent = (turns["speaker"] == "agent").to_numpy()
    is_answered, answer = _next(~is_customer, contact)
    is_answered &= is_customer & is_agent[answer]
    waits = _seconds(said_at, said_at[answer])
    mean = waits[is_answered].groupby(contact[is_answered]).mean()

    firsts = np.flatnonzero(is_customer)
    firsts = firsts[np.unique(contact[firsts], return_index=True)[1]]
    has_agent, agent = _next(is_agent, contact)
    firsts = firsts[has_agent[firsts]]
    seconds = _seconds(said_at[firsts], said_at[agent[firsts]])
    first = pd.Series(seconds.to_numpy(), index=contact[firsts])
    return pd.DataFrame(dict(zip(RESPONSES, (first, mean), strict=True))).dropna(how="all")


def _seconds(asked: pd.Series[pd.Timestamp], answered: pd.Series[pd.Timestamp]) -> pd.Series[float]:
    """Return the wait; NaN where the answer is dated before the question (an order closed before it was opened)."""
    waits = (answered.reset_index(drop=True) - asked.reset_index(drop=True)).dt.total_seconds()
    return waits.where(waits >= 0)


def _next(wanted: np.ndarray, contact: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each turn whether a wanted turn of its contact is it or follows it, and the row of the first such."""
    last = len(wanted) - 1
    rows = np.where(wanted, np.arange(len(wanted)), len(wanted))
    following = np.minimum.accumulate(rows[::-1])[::-1]
    capped = np.minimum(following, last)
    return (following <= last) & (contact[capped] == contact), capped
