"""Pieces that pages are put together from: cards, tiles, rows of topics and alerts, the list of contacts."""
