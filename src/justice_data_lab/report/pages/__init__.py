"""What each page says: models of plain data that the templates only lay out."""
