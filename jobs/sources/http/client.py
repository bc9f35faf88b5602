"""Read one page: as often as it takes, as slowly as the interface asks, and with no word to another host."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from analytics.errors import ConfigError, StageError
from analytics.source_limits import MEGABYTE
from analytics.source_settings import HttpSettings
from jobs.sources.environment import filled_in, variables_in
from jobs.sources.http.page import MISSING, Page, at_path, names_at_top, next_link

_PATIENCE = (408, 425, 429)
"""Besides 5xx: answers that ask to come again later (RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4)."""
_FIRST_WAIT_SECONDS = 0.5
_MAX_REDIRECTS = 5
_OF_PACKING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class RefusedError(ConfigError):
    """The interface understood and refused; `status` says how, 0 if it is told on without."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class _AgainError(Exception):
    """A try that failed; the next may not.

    `ours` says whether settings may be to blame, `wait_seconds` what the interface asked for.
    """

    def __init__(self, what: str, *, ours: bool = False, wait_seconds: float | None = None) -> None:
        super().__init__(what)
        self.ours = ours
        self.wait_seconds = wait_seconds


class PageReader:
    """Reads pages of one interface.

    Parameters
    ----------
    settings : HttpSettings
        Address, headers, and how long to be patient.
    client : httpx.Client or None
        Sends the requests; None: one of our own, closed at the end.
    sleep, clock : callable
        How to wait, in seconds, and what time it is, with zone.
    environ : mapping of str to str
        The environment, for `${NAME}`.
    """

    def __init__(
        self,
        settings: HttpSettings,
        *,
        client: httpx.Client | None,
        sleep: Callable[[float], None],
        clock: Callable[[], dt.datetime],
        environ: Mapping[str, str],
    ) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs whole addresses, and so secrets in parameters
        self._settings = settings
        self._url = httpx.URL(filled_in(settings.url, environ, where="http.url"))
        self._headers = {name: self._header(name, value, environ) for name, value in settings.headers.items()}
        self._own = httpx.Client(timeout=settings.timeout_seconds) if client is None else None
        self._client = client or self._own or httpx.Client()
        self._clock = clock
        self._jitter = random.Random(settings.url)
        self.where = re.sub(r"//[^/@]*@", "//", settings.url.split("?")[0])  # as configured: no secret filled in
        self._tries = Retrying(
            retry=retry_if_exception_type(_AgainError),
            stop=stop_after_attempt(settings.attempts),
            wait=self._wait_seconds,
            sleep=sleep,
            reraise=True,
        )

    def __enter__(self) -> PageReader:
        """Return the reader itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections that are ours."""
        if self._own is not None:
            self._own.close()

    def read(self, params: Mapping[str, str], link: str | None = None) -> Page:
        """Read a page.

        Parameters
        ----------
        params : mapping of str to str
            Parameters of the request; they replace those of the same name in the address.
        link : str or None
            Path and query of the page; None: the configured address.

        Raises
        ------
        ConfigError
            If the interface refuses (`RefusedError`), leads to another host, or its pages are not as configured.
        StageError
            If it does not answer, or asks for more patience than we have.
        """
        url = self._url if link is None else self._at_home(link)
        try:
            return self._tries(self._read_once, url.copy_merge_params(dict(params)))
        except _AgainError as error:
            kind = ConfigError if error.ours else StageError
            raise kind(
                f"{self.where}: {error} (after {self._settings.attempts} tries);"
                + (" check sources.….http" if error.ours else " what has landed stays: collect again later to go on")
            ) from None

    def _read_once(self, url: httpx.URL) -> Page:
        response = self._answer(url)
        if response.status_code == 204:
            return Page(None, ())
        try:
            body = _json_of(response)
        except (ValueError, LookupError, RecursionError):  # a number of thousands of digits is no JSONDecodeError
            raise _AgainError("a page is not JSON; expected JSON, whole", ours=True) from None
        found = at_path(body, self._settings.records)
        if found is not None and not isinstance(found, list):
            place = f"at {self._settings.records!r} (http.records)" if self._settings.records else "as the page itself"
            what = f"got {names_at_top(body)}" if found is MISSING else f"found {names_at_top(found)}"
            raise _AgainError(f"a page without records; expected a list {place}, {what}", ours=True)
        return Page(body, tuple(found or ()), next_link(response.headers.get("link", "")))

    def _answer(self, url: httpx.URL) -> httpx.Response:
        """Return a good answer; follow redirects, which httpx would send our headers along with, on this host only."""
        for _ in range(_MAX_REDIRECTS):
            try:
                response = self._received(url)
            except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as error:
                raise ConfigError(f"{self.where}: no request can be made of it ({type(error).__name__})") from None
            except (httpx.TransportError, httpx.DecodingError) as error:
                raise _AgainError(f"no whole answer ({type(error).__name__})") from None
            if not response.has_redirect_location:
                self._check(response)
                return response
            url = self._at_home(response.headers["location"], url)
        raise ConfigError(f"{self.where}: more than {_MAX_REDIRECTS} redirects; give the last address as http.url")

    def _received(self, url: httpx.URL) -> httpx.Response:
        """Return an answer with its body, read no further than the limits: it may be packed, or have no end."""
        until, n_bytes, body = time.monotonic() + self._settings.page_seconds, 0, list[bytes]()
        with self._client.stream("GET", url, headers=self._headers, follow_redirects=False) as response:
            for part in response.iter_bytes():
                n_bytes += len(part)
                body.append(part)
                if n_bytes > self._settings.page_mb * MEGABYTE:
                    what = f"an answer of more than {self._settings.page_mb:,} MB"
                    raise ConfigError(f"{self.where}: {what}; ask for fewer records (http.page_size), or raise"
                                      " http.page_mb")  # fmt: skip
                if time.monotonic() > until:
                    raise _AgainError(f"an answer was not whole after {self._settings.page_seconds:.0f} s")
            # As it is now: unpacked. What says how it was packed must not be applied again.
            kept = {name: value for name, value in response.headers.items() if name not in _OF_PACKING}
            return httpx.Response(response.status_code, headers=kept, content=b"".join(body), request=response.request)

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in _PATIENCE or status >= 500:
            wait_seconds = self._asked_wait(response.headers.get("retry-after", ""))
            if wait_seconds is not None and wait_seconds > self._settings.max_wait_seconds:
                raise StageError(
                    f"{self.where}: HTTP {status}, asks to wait {wait_seconds:.0f} s, more than http.max_wait_seconds"
                    f" ({self._settings.max_wait_seconds:.0f}); what has landed stays: collect again then to go on"
                )
            raise _AgainError(f"HTTP {status}", wait_seconds=wait_seconds)
        if status in (401, 403):
            raise RefusedError(f"{self.where}: HTTP {status}, access refused; {self._secrets()}", status)
        if not response.is_success:
            raise RefusedError(
                f"{self.where}: HTTP {status}; expected 200; check address and parameters in sources.….http", status
            )

    def _at_home(self, target: str, base: httpx.URL | None = None) -> httpx.URL:
        """Return an address that the interface gave, on the configured host; another would be told our secrets.

        An http address of the same host is asked by https if that is configured: behind a proxy many interfaces do not
        know how they are reached.
        """
        home = self._url
        url = (base or home).join(target)
        downgraded = url.scheme != home.scheme and url.port in (None, home.port)
        if url.host != home.host or not (downgraded or url.port == home.port):
            raise ConfigError(
                f"{self.where}: leads on to {url.host}{f':{url.port}' if url.port else ''}, another host, which is not"
                " told our headers; if it is the right one, give its address as http.url"
            )
        return url.copy_with(scheme=home.scheme, port=home.port, userinfo=home.userinfo)

    def _wait_seconds(self, state: RetryCallState) -> float:
        """Wait as asked, else 0.5, 1, 2, … s, of which a random half is left out so that collectors part."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, _AgainError) and error.wait_seconds is not None:
            return error.wait_seconds
        longest = min(self._settings.max_wait_seconds, _FIRST_WAIT_SECONDS * 2.0 ** (state.attempt_number - 1))
        return longest * (0.5 + 0.5 * self._jitter.random())

    def _asked_wait(self, value: str) -> float | None:
        """Return the seconds of a Retry-After: a number or a date (RFC 9110, 10.2.3); None if it is neither."""
        if value.strip().isdecimal():
            return float(value)
        try:
            until = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return None
        until = until.replace(tzinfo=dt.UTC) if until.tzinfo is None else until
        return max(0.0, (until - self._clock()).total_seconds())

    def _secrets(self) -> str:
        """Say where the secrets come from, not what they are."""
        groups: dict[str, Mapping[str, str]] = {"headers": self._settings.headers, "params": self._settings.params}
        fed = [
            f"environment variable {variable} (http.{group}.{name})"
            for group, values in groups.items()
            for name, value in values.items()
            for variable in variables_in(value)
        ]
        return (
            "check " + " and ".join(fed) if fed else "give a key in http.headers, as Authorization = 'Bearer ${NAME}'"
        )

    def _header(self, name: str, value: str, environ: Mapping[str, str]) -> str:
        filled = filled_in(value, environ, where=f"http.headers.{name}")
        if not (filled.isascii() and filled.isprintable()):
            raise ConfigError(f"http.headers.{name} holds characters that a header cannot; expected printable ASCII")
        return filled


def _json_of(response: httpx.Response) -> Any:
    """Return the JSON of an answer: UTF-8, -16 or -32, or what the answer says it is, as GBK."""
    try:
        return json.loads(response.content)
    except UnicodeDecodeError:
        return json.loads(response.content.decode(response.charset_encoding or "utf-8"))
