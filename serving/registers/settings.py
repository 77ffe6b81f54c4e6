"""Settings of the public registers: addresses, deadlines and caching, from the environment.

Owns the variables `ENCOURS_REGISTERS_…`. Addresses and published rates are those of the French State's open
services; a test or a mirror gives its own.
"""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.environment import ENVIRONMENT

_LOCAL = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class RegisterSettings(BaseSettings):
    """Settings from `ENCOURS_REGISTERS_…` variables and a file `.env`.

    Parameters
    ----------
    offline
        Never call a register: answer from the cache, whatever its age, or report the register as unavailable.
    cache
        Folder of the cached answers.
    cache_days
        Days for which a cached answer is used without a new call.
    cache_mb
        Megabytes of answers that are cached.
    timeout_s
        Seconds without a byte after which a call is given up.
    patience_s
        Seconds for one answer, retries included.
    attempts
        How often a call is tried.
    answer_mb
        Megabytes of the largest answer that is read.
    company_search_url
        Address of the company search (recherche-entreprises).
    company_search_per_s
        Calls a second to the company search; it allows 7 per address.
    sirene_url
        Address of INSEE's Sirene, called in place of the company search where a key is given.
    sirene_key
        Key of Sirene.
    sirene_per_s
        Calls a second to Sirene; it allows 30 a minute.
    bodacc_url
        Address of the legal notices (BODACC), explore v2.1.
    bodacc_per_s
        Calls a second to the BODACC.
    ratios_url
        Address of the yearly ratios of INPI and the Banque de France, explore v2.1.
    ratios_per_s
        Calls a second to the yearly ratios.
    balance_url
        Address of the Banque de France's balance sheets, for entitled bodies.
    balance_token
        Token for the balance sheets.
    balance_recipient
        SIRET of the body that calls for the balance sheets.
    balance_per_s
        Calls a second to the balance sheets.

    Raises
    ------
    pydantic.ValidationError
        A variable is invalid; the message shows no value.
    """

    model_config = SettingsConfigDict(**{**ENVIRONMENT, "env_prefix": "ENCOURS_REGISTERS_"})

    offline: bool = False
    cache: Path = Path("data/registers")
    cache_days: float = Field(default=7.0, ge=0)
    cache_mb: float = Field(default=200.0, gt=0)
    timeout_s: float = Field(default=10.0, gt=0, le=300)
    patience_s: float = Field(default=60.0, gt=0, le=3600)
    attempts: int = Field(default=4, ge=1, le=10)
    answer_mb: float = Field(default=8.0, gt=0, le=512)
    company_search_url: str = "https://recherche-entreprises.api.gouv.fr"
    company_search_per_s: float = Field(default=6.0, gt=0)
    sirene_url: str = "https://api.insee.fr/api-sirene/3.11"
    sirene_key: SecretStr | None = None
    sirene_per_s: float = Field(default=0.5, gt=0)
    bodacc_url: str = "https://bodacc-datadila.opendatasoft.com/api/explore/v2.1"
    bodacc_per_s: float = Field(default=5.0, gt=0)
    ratios_url: str = "https://data.economie.gouv.fr/api/explore/v2.1"
    ratios_per_s: float = Field(default=5.0, gt=0)
    balance_url: str = "https://entreprise.api.gouv.fr/v3/banque_de_france"
    balance_token: SecretStr | None = None
    balance_recipient: str = ""
    balance_per_s: float = Field(default=4.0, gt=0)

    def hurried(self, patience_s: float = 4.0) -> Self:
        """Return settings for an interactive caller: two attempts, and a deadline per register in seconds."""
        hurry = {"patience_s": patience_s, "timeout_s": min(self.timeout_s, patience_s), "attempts": 2}
        return self.model_copy(update=hurry)

    def shared_by(self, processes: int) -> Self:
        """Return settings for one of several processes that call the registers from one address."""
        rates = [name for name in type(self).model_fields if name.endswith("_per_s")]
        return self.model_copy(update={name: getattr(self, name) / processes for name in rates})

    @field_validator("company_search_url", "sirene_url", "bodacc_url", "ratios_url", "balance_url")
    @classmethod
    def _encrypted(cls, value: str) -> str:
        if not value.startswith(("https://", *_LOCAL)):
            raise ValueError("give an https:// address; http:// is for this machine only")
        return value.rstrip("/")
