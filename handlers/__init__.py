"""Slack in, Slack out: routes, views, identity, errors. No SQL, no sums, no clock."""
