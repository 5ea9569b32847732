"""All SQL lives here: schema, engines, migrations, and statements as functions that return or run them.

No rule about use.
"""
