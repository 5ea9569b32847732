"""Measurements: `make bench` prints each figure of docs/performance.md beside its yardstick, from one run."""
