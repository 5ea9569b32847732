"""The sheets of a report's spreadsheet, one module each: what stands in which cell. How files are made is not here."""
