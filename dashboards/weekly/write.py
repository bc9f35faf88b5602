"""Write a report for whoever it is for: their rows, their language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import flask
import jinja2
from markupsafe import Markup

from analytics.access.roles import Role
from analytics.errors import ConfigError, InputFileError
from dashboards.access.grant import Access, keep_access
from dashboards.access.viewer import LOCAL
from dashboards.language import say
from dashboards.preferences import Preferences, current, preferred
from dashboards.site import Site
from dashboards.weekly.content import content, summary_lines
from dashboards.weekly.week import Week, last_week

_TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True)
class Report:
    """A report that was made.

    Attributes
    ----------
    week : Week
    title : str
        Heading, in its language.
    page : str
        HTML, nothing of it elsewhere.
    lines : list of str
        Its findings as text.
    until : str
        Last day of the data where the week goes on after it; '' where the week is whole.
    waits : bool
        Whether the rest of the week may still come: nothing was published since it ended.
    """

    week: Week
    title: str
    page: str
    lines: list[str]
    until: str
    waits: bool


def make(site: Site, week: Week | None, *, access: Access, role: Role | None, preferences: Preferences) -> Report:
    """Make a report.

    Parameters
    ----------
    week : Week, optional
        The last whole calendar week of the data if not given.
    access : Access
        Where it is kept whose words were shown.
    role : Role, optional
        Whose rows it has; all rows if not given.

    Raises
    ------
    InputFileError
        If the warehouse is missing or is none.
    ConfigError
        If the days hold no contacts.
    """
    server = flask.Flask("kesheng-report")
    keep_access(server, access)
    viewer = access.viewer("report", role.name) if role is not None else LOCAL
    with server.test_request_context("/"), preferred(preferences):
        flask.g.viewer = viewer
        try:
            return _made(site, week, role)
        except duckdb.Error as error:
            raise InputFileError(
                f"report: expected a published warehouse, cannot read it ({type(error).__name__});"
                " publish it again: kesheng run publish"
            ) from error


def _made(site: Site, week: Week | None, role: Role | None) -> Report:
    known = site.extent()
    if known.first_day is None or known.last_day is None:
        raise ConfigError("report: expected contacts with times, found none; a week needs them")
    chosen = week or last_week(known.first_day, known.last_day)
    context = site.context([("from", chosen.start.isoformat()), ("to", chosen.end.isoformat())])
    label = "" if role is None else _label(role)
    told = content(context, chosen, role=label, published=site.published_at)
    at = site.published_at
    is_over = at is not None and at.astimezone(ZoneInfo(site.source.zone)).date() > chosen.end
    waits = bool(told["until"]) and not is_over
    return Report(chosen, _title(chosen), _page(told), summary_lines(told), told["until"], waits)


def _label(role: Role) -> str:
    return role.label_en if current().language == "en" else role.label


def _title(week: Week) -> str:
    return say("客声周报 · {week}", week=week.title) if week.is_whole else say("客声报告 · {week}", week=week.title)


def _page(told: dict[str, Any]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    css = (_TEMPLATES / "weekly.css").read_text(encoding="utf-8")
    return environment.get_template("weekly.html.j2").render(
        **told, say=say, title=_title(told["week"]), css=Markup(css), language=current().language,
    )  # fmt: skip
