"""Sentences as Jinja2 files: messages, help, answers. Block Kit is built in `handlers/views`, never here."""
