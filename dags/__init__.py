"""Airflow wiring only."""
