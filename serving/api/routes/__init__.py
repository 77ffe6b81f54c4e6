"""What may be asked over HTTP, one noun a file; routes only translate."""
