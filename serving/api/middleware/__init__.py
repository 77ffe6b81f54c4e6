"""Middleware between the socket and the routes: limits, headers, tags. It knows nothing of credit."""
