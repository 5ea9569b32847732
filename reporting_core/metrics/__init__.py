"""What the numbers mean: pure functions from facts to status, figures, tiles and rows. No database, no clock."""
