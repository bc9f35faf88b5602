"""Answers that say what went wrong (RFC 9457): what, what was expected, what was got, what to do."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import Any

import duckdb
import flask
import marshmallow as ma
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from analytics.errors import KeshengError
from dashboards.api import PREFIX

_LOG = logging.getLogger(__name__)
TYPE = "application/problem+json"
_SHOWN = 80
_WORDS = {"Unknown field.": "one of the parameters of this address"}


class Problem(Exception):  # noqa: N818
    """What is answered in place of data.

    Parameters
    ----------
    status : int
        HTTP status.
    detail : str
        What went wrong, one sentence.
    expected, got, advice : str
        What would have been right, what came, and what to do.
    """

    def __init__(self, status: int, detail: str, *, expected: str = "", got: str = "", advice: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.expected, self.got, self.advice = expected, got[:_SHOWN], advice
        self.errors: list[dict[str, str]] = []
        self.headers: dict[str, str] = {}


class ProblemTold(ma.Schema):
    """A problem as it is answered."""

    type = ma.fields.String(metadata={"description": "always about:blank: the status says the kind"})
    title = ma.fields.String(metadata={"description": "name of the status"})
    status = ma.fields.Integer(metadata={"description": "HTTP status"})
    detail = ma.fields.String(metadata={"description": "what went wrong"})
    expected = ma.fields.String(metadata={"description": "what would have been right; may be empty"})
    got = ma.fields.String(metadata={"description": "what came, cut to 80 characters; may be empty"})
    what_to_do = ma.fields.String(metadata={"description": "how to go on"})
    instance = ma.fields.String(metadata={"description": "path that was asked for"})
    errors = ma.fields.List(
        ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String()),
        metadata={"description": "one for each parameter that was refused: parameter, expected, got"},
    )


def answer(problem: Problem) -> flask.Response:
    """Return the answer of a problem."""
    told = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "expected": problem.expected,
        "got": problem.got,
        "what_to_do": problem.advice or f"see {PREFIX}/",
        "instance": flask.request.path,
        "errors": problem.errors,
    }
    response = flask.make_response(flask.json.dumps(told, ensure_ascii=False), problem.status)
    response.headers.update({"Content-Type": TYPE, "Cache-Control": "no-store", **problem.headers})
    return response


def of_error(error: Exception) -> flask.Response:
    """Return the answer of anything that was raised while answering."""
    if isinstance(error, Problem):
        return answer(error)
    if isinstance(error, HTTPException):
        return answer(_of_http(error))
    _LOG.error("api: %s: %s", type(error).__name__, type(error.__cause__ or error).__name__)
    if isinstance(error, KeshengError | duckdb.Error | SQLAlchemyError):
        return answer(Problem(503, "the warehouse or the inbox cannot be read", expected="published data",
                              advice="publish with kesheng run publish, then ask again"))  # fmt: skip
    place = traceback.extract_tb(error.__traceback__)[-1]  # never the message: it may hold what customers said
    _LOG.error("api: at %s:%s in %s", place.filename, place.lineno, place.name)
    return answer(Problem(500, "this is our fault", advice="tell whoever runs the site what was asked"))


def _of_http(error: HTTPException) -> Problem:
    code = error.code or 500
    if code == 429:
        found = Problem(
            429, "too many requests", expected=f"at most {error.description}", advice="wait, then ask again"
        )
    elif code == 405:
        found = Problem(405, "this API is read only", expected="GET or HEAD", got=flask.request.method)
    elif code == 404:
        found = Problem(404, "there is nothing at this address", got=flask.request.path)
    else:
        found = Problem(code, error.name)
    messages = getattr(error, "data", {}).get("messages")
    if isinstance(messages, dict):
        found = Problem(code, "a parameter was refused", advice=f"correct it; {PREFIX}/ lists the parameters")
        found.errors = [_refused(name, said) for name, said in messages.get("query", {}).items()]
        first = found.errors[0] if found.errors else {"expected": "", "got": ""}
        found.expected, found.got = first["expected"], first["got"][:_SHOWN]
    found.headers = {name: value for name, value in error.get_headers() if name in ("Retry-After", "Allow")}
    return found


def _refused(name: str, said: Any) -> dict[str, str]:
    while isinstance(said, dict):  # of a list: by place
        said = next(iter(said.values()), "")
    texts = [_WORDS.get(str(text), str(text)) for text in said] if isinstance(said, list) else [str(said)]
    got = ", ".join(flask.request.args.getlist(name))
    return {"parameter": name, "expected": "; ".join(texts), "got": got[:_SHOWN]}
