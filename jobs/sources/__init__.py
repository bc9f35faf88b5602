"""Collectors: how records come from files, databases and services into landing."""
