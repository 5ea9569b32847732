"""Northgate Studio, a made-up company: who works there, what they use, and the export files the vendor would make.

Everything is drawn from one seed and ends the day before the clock's: the demo is the same every day, only later.
"""

from bot.demo_company.company import Company, make_up
from bot.demo_company.files import write

__all__ = ["Company", "make_up", "write"]
