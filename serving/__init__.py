"""What answers people: the store, the API and the pages."""
