"""The words of the trade: frozen values, enumerations and errors that every other part speaks in.

No arithmetic, no SQL.
"""
