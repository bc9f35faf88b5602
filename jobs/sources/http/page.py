"""One page of an interface: the records in it and what it says of the next one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MISSING: Any = object()
"""What a path leads to where there is nothing; null is something."""

_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[^;,=\s]+\s*(?:=\s*(?:\"[^\"]*\"|[^\";,\s]*))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\";,\s]*))", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """A page as read.

    Attributes
    ----------
    body : Any
        Its JSON; None if it was empty (204).
    records : tuple
        The records in it.
    link : str or None
        Address that its Link header gives as next.
    """

    body: Any
    records: tuple[Any, ...]
    link: str | None = None


def at_path(body: Any, path: str) -> Any:
    """Return what a dotted path leads to, `MISSING` if nothing; an empty path leads to the body itself.

    Examples
    --------
    >>> at_path({"data": {"items": [1]}}, "data.items"), at_path([], "data") is MISSING
    ([1], True)
    """
    for name in path.split(".") if path else ():
        if not isinstance(body, Mapping) or name not in body:
            return MISSING
        body = body[name]
    return body


def names_at_top(body: Any) -> str:
    """Return the names of a body's fields, never their values, for an error."""
    if isinstance(body, Mapping):
        return "an object with " + (", ".join(sorted(map(str, body))[:20]) or "nothing in it")
    return {list: "a list", str: "text", type(None): "null"}.get(type(body), "a number or truth value")


def next_link(header: str) -> str | None:
    """Return the address with the relation "next" in a Link header.

    References
    ----------
    RFC 8288, section 3: several links a header, several relations a link, parameters in any order.

    Examples
    --------
    >>> next_link('</t?page=1>; rel="prev", </t?a=1,2&page=3>; title="a, b"; rel="next last"')
    '/t?a=1,2&page=3'
    """
    for target, parameters in _LINK.findall(header):
        relation = _REL.search(parameters)
        if relation and "next" in (relation[1] or relation[2] or "").lower().split():
            return str(target)
    return None
