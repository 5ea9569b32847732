"""Digests: what wishes ask (`reading`), facts at two dates for many at once (`sights`), tokens, and what is said."""
