"""A service centre with planted truth, for the demo, tests and benchmarks."""
