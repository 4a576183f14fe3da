"""Logs to damage (`seeds`) and ways to damage them (`mutations`), for `bench/fuzz.py` and for the sample of it in the tests."""
