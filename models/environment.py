"""Reading of settings from the environment, shared by all processes."""

from __future__ import annotations

from pydantic_settings import SettingsConfigDict

ENVIRONMENT = SettingsConfigDict(
    env_prefix="ENCOURS_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
)
"""Variables begin with `ENCOURS_`; unknown ones in `.env` are ignored, and no message shows a value."""
