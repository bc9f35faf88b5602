"""Whether a mean differs between two groups of days, when days differ from each other more than chance would."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from analytics.share_changes import MIN_DAYS, NO_CHANGE, Z_95, Change, Floats


def mean_change(n: Floats, mean: Floats, spread: Floats, is_now: npt.NDArray[np.bool_]) -> Change:
    """Test whether a mean differs between two groups of days: as `share_change`, for a mean.

    The dispersion is how much more the daily means differ about their group's mean than the contacts of a day let
    expect (Cochran's Q [1]_ over its degrees of freedom, never below 1); the difference over its error is Student's t
    with n_days - 2 degrees of freedom. With fewer than `MIN_DAYS` days it is Welch's z.

    Parameters
    ----------
    n, mean, spread : ndarray, shape (n_days,)
        Contacts with a value on each day, their mean, and their mean square about it (population variance).
    is_now : ndarray of bool, shape (n_days,)
        Which days are of the later group.

    Returns
    -------
    Change
        Later minus earlier; nothing to say where a group has fewer than two contacts.

    References
    ----------
    .. [1] W. G. Cochran, "The Combination of Estimates from Different Experiments", Biometrics 10, 1954.

    Examples
    --------
    >>> now = np.arange(14) >= 7
    >>> fell = mean_change(np.full(14, 50.0), np.where(now, -0.3, 0.0), np.full(14, 0.16), now)
    >>> round(fell.difference, 2), fell.differs
    (-0.3, True)
    """
    is_now = is_now[n > 0]
    n, mean, spread = n[n > 0], mean[n > 0], spread[n > 0]
    groups = [part for part in (is_now, ~is_now) if n[part].sum() >= 2]
    if len(groups) < 2:
        return NO_CHANGE
    n_days, known = len(n), [_pooled(n[part], mean[part], spread[part]) for part in groups]
    dispersion = 1.0
    if n_days >= MIN_DAYS:
        parts = zip(groups, known, strict=True)
        statistic = sum(
            float((n[part] * (mean[part] - centre) ** 2).sum()) / within for part, (centre, within, _) in parts
        )
        dispersion = max(statistic / (n_days - 2), 1.0)
    difference = known[0][0] - known[1][0]
    error = float(np.sqrt(dispersion * sum(within / count for _, within, count in known)))
    freedom = n_days - 2 if n_days >= MIN_DAYS else np.inf
    half = (Z_95 if freedom == np.inf else float(stdtrit(freedom, 0.975))) * error
    p_value = 2 * float(stdtr(min(freedom, 1e9), -abs(difference) / error))
    return Change(difference, difference - half, difference + half, p_value, n_days=n_days, dispersion=dispersion)


def _pooled(n: Floats, mean: Floats, spread: Floats) -> tuple[float, float, float]:
    """Return mean, variance inside days (never quite 0: equal scores are no certainty), and contacts of a group."""
    total = float(n.sum())
    centre = float((n * mean).sum() / total)
    within = float((n * spread).sum() / max(total - len(n), 1.0))
    return centre, max(within, 1.0 / (total + 2.0) ** 2), total
