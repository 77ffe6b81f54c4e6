"""What the environment says: where the store and the policy are.

Owns the names and checks of the variables `ENCOURS_…`. Business rules are in the policy, hyperparameters in
`params.yaml`; where models are kept is MLflow's own `MLFLOW_TRACKING_URI`.
"""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from models.environment import ENVIRONMENT
from models.errors import StoreError
from serving.store.hash_chain import AuditKeys

PLACEHOLDERS = frozenset(
    {
        "changeme",
        "changethis",
        "default",
        "example",
        "password",
        "placeholder",
        "postgres",
        "secret",
        "todo",
        "xxx",
    }
)


class Settings(BaseSettings):
    """The settings of the server, read from the environment and from a file `.env` when made.

    Parameters
    ----------
    store_url
        `ENCOURS_STORE_URL`: the database, SQLite by default. A password in it may be no placeholder.
    policy_path
        `ENCOURS_POLICY_PATH`: the credit policy; the packaged one where it is not set.
    rates_path
        `ENCOURS_RATES_PATH`: the table of legal rates; the packaged one where it is not set.
    audit_key
        `ENCOURS_AUDIT_KEY`: key of the hash chain of the audit log, at least 32 characters; earlier keys
        follow, separated by commas. Without it the chain uses plain hashes.
    rate_per_minute
        `ENCOURS_RATE_PER_MINUTE`: requests a minute of one key or user, each item of a batch included; 0 is
        no limit. One address may come with 30 unknown keys or sessions a minute.
    workers
        `ENCOURS_WORKERS`: server processes on this machine; `encours serve --workers` overrides it.
    machines
        `ENCOURS_MACHINES`: machines that serve from the same store; each allows an equal share of every
        limit.
    shared_limits
        `ENCOURS_SHARED_LIMITS`: file in which the server processes of this machine count requests together.
        `encours serve` makes one for its workers; elsewhere, name one in `/dev/shm`, which a restart empties.
    registers
        `ENCOURS_REGISTERS`: `online` lets the server call public registers; `offline` reads cached
        answers only.
    uploads
        `ENCOURS_UPLOADS`: folder of files that people hand in on the page `/import`, kept for a day.
    upload_mb
        `ENCOURS_UPLOAD_MB`: megabytes that may be handed in at once.
    most_known
        `ENCOURS_MOST_KNOWN`: customers that a process caches, about 40 kB each.

    Raises
    ------
    pydantic.ValidationError
        A variable holds what it may not; the message shows no value.
    """

    model_config = ENVIRONMENT

    store_url: str = Field(default="sqlite:///data/encours.db", min_length=1)
    policy_path: Path | None = None
    rates_path: Path | None = None
    audit_key: SecretStr = SecretStr("")
    rate_per_minute: int = Field(default=6_000, ge=0)
    workers: int = Field(default=1, ge=1)
    machines: int = Field(default=1, ge=1)
    shared_limits: Path | None = None
    registers: Literal["online", "offline"] = "offline"
    uploads: Path = Path("data/uploads")
    upload_mb: int = Field(default=200, ge=1)
    most_known: int = Field(default=5_000, ge=1)

    @field_validator("audit_key")
    @classmethod
    def _refuse_short_keys(cls, value: SecretStr) -> SecretStr:
        fault = audit_key_faults(value.get_secret_value())
        if fault is not None:
            raise ValueError(fault)
        return value

    @field_validator("store_url")
    @classmethod
    def _refuse_placeholders(cls, value: str) -> str:
        if is_placeholder(_password(value)):
            raise ValueError("the password in ENCOURS_STORE_URL is a placeholder; choose a real one")
        return value


def audit_key_faults(text: str) -> str | None:
    """Return what is wrong with the keys of the audit log, None where nothing is; no key is shown.

    Examples
    --------
    >>> audit_key_faults(""), audit_key_faults("kT9!vq2Lw")
    (None, 'a key in ENCOURS_AUDIT_KEY has fewer than 32 characters; make one with `encours audit key`')
    """
    try:
        AuditKeys.read(text)
    except StoreError as error:
        return str(error)
    return None


def is_placeholder(secret: str | None) -> bool:
    """Tell whether a secret was left as an example would have it.

    Examples
    --------
    >>> is_placeholder("Change-Me"), is_placeholder("<password>"), is_placeholder("kT9!vq2Lw")
    (True, True, False)
    """
    if secret is None:
        return False
    return re.sub(r"[^a-z]", "", secret.lower()) in PLACEHOLDERS or secret.startswith(("<", "${"))


def _password(url: str) -> str | None:
    try:
        found = urlsplit(url).password
    except ValueError:
        return None
    return None if found is None else unquote(found)
