"""What each page shows, made by plain functions of plain values: no request, no template, no database."""
