"""The answers about use. Knows neither Slack nor the web nor Jinja; `core.py` is its front door."""
