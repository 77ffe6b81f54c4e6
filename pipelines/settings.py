"""Settings of the pipelines from the environment: locations of ledger, store, policy and work files.

The server reads the variables that both share (`serving.settings`).
"""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from models.environment import ENVIRONMENT


class PipelineSettings(BaseSettings):
    """Settings from `ENCOURS_…` variables and a file `.env`.

    Parameters
    ----------
    ledger
        `ENCOURS_LEDGER`: the folder of the ledger.
    work
        `ENCOURS_WORK`: the folder for models, figures and metrics from training.
    params
        `ENCOURS_PARAMS`: the file of hyperparameters.
    store_url
        `ENCOURS_STORE_URL`: the database that the nightly run publishes to.
    policy_path
        `ENCOURS_POLICY_PATH`: the credit policy; the packaged one if not set.
    audit_key
        `ENCOURS_AUDIT_KEY`: as in `serving.settings`.
    suites
        `ENCOURS_SUITES`: a folder of rules for the checks, which override the packaged ones table by table.
    mappings
        `ENCOURS_MAPPINGS`: folder of your own mappings, where the page that imports saves new ones. Lists are
        read by these, or by those of `data/mappings`.
    """

    model_config = ENVIRONMENT

    ledger: Path = Path("data/ledger")
    work: Path = Path("data")
    params: Path = Path("params.yaml")
    store_url: str = "sqlite:///data/encours.db"
    policy_path: Path | None = None
    audit_key: SecretStr = SecretStr("")
    suites: Path | None = None
    mappings: Path = Path("data/own_mappings")
