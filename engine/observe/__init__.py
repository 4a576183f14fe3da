"""A log file -> series -> findings."""
