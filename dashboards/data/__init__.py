"""Query results by name. Every count here is a count of rows of `contact`, so that it equals the list behind it."""
