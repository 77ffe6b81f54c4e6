"""What people take away from the pages: tables for a spreadsheet, one page for the credit file."""
