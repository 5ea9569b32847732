"""What the bot can be asked to do, one module each.

They fetch through storage, decide through metrics, and answer in words.
"""
