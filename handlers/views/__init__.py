"""Answers as Block Kit: pure functions from a report, an error or a question to blocks. No call, no core, no clock."""
