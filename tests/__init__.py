"""Tests, one flat folder: `test_core_*`, `test_handlers_*`, `test_bot_*`. One company stands in all of them."""
