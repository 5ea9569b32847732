"""What must hold when seats are taken back, held to while everything fails: `make chaos` (docs/reliability.md)."""
