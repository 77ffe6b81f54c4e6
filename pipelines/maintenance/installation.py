"""What an installation consists of, and where: ledger, store, registry of models, policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.learning.registry_files import ARTIFACTS, database_of, default_uri

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.settings import PipelineSettings


@dataclass(frozen=True, slots=True)
class Installation:
    """Places of an installation's data.

    Parameters
    ----------
    ledger
        The folder of the ledger.
    store_url
        The store's database.
    registry
        The database of a local registry of models, artifacts next to it; None for a tracking server, which
        has backups of its own.
    policy
        The file of the credit policy; None for the packaged one.
    """

    ledger: Path
    store_url: str
    registry: Path | None
    policy: Path | None

    @classmethod
    def of(cls, settings: PipelineSettings, ledger: Path | None = None) -> Installation:
        """Return the installation that settings describe."""
        return cls(
            (ledger or settings.ledger).resolve(),
            settings.store_url,
            database_of(default_uri()),
            settings.policy_path,
        )

    @property
    def artifacts(self) -> Path | None:
        """The folder of a local registry's artifacts."""
        return None if self.registry is None else self.registry.parent / ARTIFACTS
