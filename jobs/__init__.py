"""Spark jobs, one file each: read declared tables, call analytics, write declared tables."""
