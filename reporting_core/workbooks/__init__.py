"""Writing xlsx files: openpyxl builds the book, rows of large sheets are streamed. Reports are not known here."""
