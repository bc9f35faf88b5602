"""The ways through the pages of an interface: which request a position is, and which position follows a page."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from analytics.errors import ConfigError
from analytics.source_settings import HttpSettings
from jobs.sources.environment import filled_in, variables_in
from jobs.sources.http.page import MISSING, Page, at_path
from jobs.sources.http.progress import Position


class Paging:
    """The way through one interface.

    Parameters
    ----------
    settings : HttpSettings
        Its paging and parameters.
    environ : mapping of str to str
        The environment, for `${NAME}` in parameters.

    Examples
    --------
    >>> settings = HttpSettings(url="https://crm/tickets", key="id", paging="page", size_param="limit", page_size=50)
    >>> paging = Paging(settings, {})
    >>> first = paging.first()
    >>> first, paging.next(first, Page({}, ({"id": 1},))), paging.next(first, Page({}, ()))
    ({'page': 1}, {'page': 2}, None)
    >>> paging.request(first, since=None)
    ({'limit': '50', 'page': '1'}, None)
    """

    def __init__(self, settings: HttpSettings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        params = settings.params
        self._params = {name: filled_in(text, environ, where=f"http.params.{name}") for name, text in params.items()}
        self._secret = {name: self._params[name] for name, text in params.items() if variables_in(text)}
        if settings.size_param:
            self._params[settings.size_param] = str(settings.page_size)

    def first(self) -> Position:
        """Return the position of the first page."""
        return {"page": self._settings.first_page} if self._settings.paging == "page" else {}

    def resumed(self, position: Position) -> Position:
        """Return where to go on: by number a page before, as a record removed meanwhile moves all behind it forward."""
        return {"page": max(self._settings.first_page, position["page"] - 1)} if "page" in position else position

    def request(self, position: Position, since: str | int | float | None) -> tuple[dict[str, str], str | None]:
        """Return the parameters and the link that a position stands for."""
        if "link" in position:
            return dict(self._secret), position["link"]
        params = dict(self._params)
        if since is not None and self._settings.since_param:
            params[self._settings.since_param] = str(since)
        if "cursor" in position:
            params[self._settings.cursor_param] = position["cursor"]
        if "page" in position:
            params[self._settings.page_param] = str(position["page"])
        return params, None

    def next(self, position: Position, page: Page) -> Position | None:
        """Return the position that follows a page, None behind the last.

        By number the end is a page without records: a shorter one may only mean that fewer are given than asked for.
        An interface that is followed as it grows gives the same cursor with an empty page.
        """
        paging = self._settings.paging
        if self._settings.more_path and at_path(page.body, self._settings.more_path) in (False, 0, "", None):
            return None
        if paging == "page":
            return {"page": position["page"] + 1} if page.records else None
        if paging == "cursor":
            cursor = self._told(page)
            tail = not page.records and cursor == position.get("cursor")
            return None if cursor is None or tail else {"cursor": cursor}
        if paging == "link":
            link = self._told(page) if self._settings.cursor_path else page.link
            return None if link is None else {"link": self._without_secrets(link)}
        return None

    def _told(self, page: Page) -> str | None:
        """Return what a page says at `cursor_path`; missing, null, false and empty mean that it was the last."""
        value = at_path(page.body, self._settings.cursor_path)
        if value is MISSING or value is None or value is False or value == "":
            return None
        if not isinstance(value, str | int | float):
            raise ConfigError(
                f"http.cursor_path {self._settings.cursor_path!r} leads to {type(value).__name__}; expected text or a"
                " number: the next cursor, or the next address"
            )
        return str(value)

    def _without_secrets(self, link: str) -> str:
        """Return a link to be kept in landing's manifest: interfaces repeat all parameters in it, keys too."""
        url = httpx.URL(link)
        for name in self._secret:
            url = url.copy_remove_param(name)
        return str(url)
