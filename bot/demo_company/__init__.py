"""Northgate Studio, a made-up company: who works there, what they use, and the export files the vendor would make.

Everything is drawn from one seed and ends the day before the clock's: the demo is the same every day, only later.
When its clock is moved, `later` makes up the days between.
"""

from bot.demo_company.company import Company, make_up
from bot.demo_company.files import AGAIN, write, write_later
from bot.demo_company.later import Change, grown

__all__ = ["AGAIN", "Change", "Company", "grown", "make_up", "write", "write_later"]
