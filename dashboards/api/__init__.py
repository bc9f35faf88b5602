"""The HTTP API under /api/v1: what the pages show, read only, as JSON; see docs/api.md."""

PREFIX = "/api/v1"
