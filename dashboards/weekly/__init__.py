"""The weekly report: one self-contained page that prints well; see docs/reports.md."""
