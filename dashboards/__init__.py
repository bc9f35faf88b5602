"""Dash pages that read the warehouse and the inbox and run no model."""
