"""Alerts: what is so (`looking`), what of it is news (`crossings`), in which words (`telling`), by whose rules."""
