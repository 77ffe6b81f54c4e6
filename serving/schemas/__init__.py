"""The shapes of the API: what comes in, and what goes out, each field described.

Pydantic models alone: they check and describe, and compute nothing.
"""
