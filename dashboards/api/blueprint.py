"""The blueprint that all resources are added to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma
from flask_smorest import Blueprint

from dashboards.api import PREFIX
from dashboards.api.asked import Days

BLUEPRINT = Blueprint("api", __name__, url_prefix=PREFIX, description="What the pages show, read only")

View = TypeVar("View", bound=Callable[..., Any])


def resource(
    path: str, answers: type[ma.Schema], *, asks: type[ma.Schema] = Days, may_be_down: str = ""
) -> Callable[[View], View]:
    """Return the decorator of a resource: its address, its parameters (unknown ones are refused), its answer.

    `may_be_down` says what it means that the same answer comes with status 503.
    """

    def decorate(view: View) -> View:
        documented = BLUEPRINT.response(200, answers)(view)
        if may_be_down:
            documented = BLUEPRINT.alt_response(503, schema=answers, description=may_be_down)(documented)
        with_arguments = BLUEPRINT.arguments(asks, location="query", unknown=ma.RAISE)(documented)
        BLUEPRINT.route(path, methods=["GET"])(with_arguments)
        return view

    return decorate
