"""Collect records of a paged JSON interface."""

from jobs.sources.http.fetch import fetch_http

__all__ = ["fetch_http"]
