"""How answers are printed: as text for people, as JSON for programs. Nothing is computed here."""
