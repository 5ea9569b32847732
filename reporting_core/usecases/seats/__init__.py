"""Taking seats back: judged, asked, done once, proved (features.md §6, reliability.md)."""
