"""The commands of `usagebot`, one module for each group of them. What they print is worded in `bot.printing`."""
