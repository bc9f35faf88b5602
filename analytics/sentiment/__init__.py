"""Mood of customers: scorers, their training, and the mood of a contact."""
