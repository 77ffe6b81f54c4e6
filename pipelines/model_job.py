"""A job on versions of the models, in a process of its own: promote, roll back, or compare.

Run as `python -m pipelines.model_job`, with the job as JSON on the standard input; the result goes to the
standard output. The steps are those of the commands.
"""

from __future__ import annotations

import sys
from contextlib import closing, redirect_stdout

from models.errors import CreditError
from models.learning.registry import Registry
from models.policy.document import load_policy
from pipelines.settings import PipelineSettings
from pipelines.training import promotion
from serving.store import AuditKeys, Store, open_store
from serving.usecases.model_changes import ModelJob, ModelJobResult


def work(job: ModelJob, registry: promotion.PromotionRegistry) -> ModelJobResult:
    """Do a job, and tell what was done or why nothing was."""
    settings = PipelineSettings()
    keys = AuditKeys.read(settings.audit_key.get_secret_value())
    try:
        with closing(open_store(settings.store_url, audit_keys=keys)) as store:
            return _done(job, registry, store, settings)
    except CreditError as error:
        return ModelJobResult(error=str(error))


def _done(
    job: ModelJob, registry: promotion.PromotionRegistry, store: Store, settings: PipelineSettings
) -> ModelJobResult:
    if job.act == "roll_back":
        found = promotion.rollback(registry, store, job.target, job.who, job.reason)
        return ModelJobResult(action=found.action, version=found.version, words=found.words)
    policy = load_policy(settings.policy_path)
    if job.act == "promote":
        found = promotion.promote(registry, store, policy, job.target, job.version, job.who, job.reason)
        return ModelJobResult(action=found.action, version=found.version, words=found.words)
    judged = promotion.examine_newest(registry, store, policy, job.target, job.version)
    return ModelJobResult(action="compared", words="" if judged is None else judged.outcome)


if __name__ == "__main__":
    asked = ModelJob.model_validate_json(sys.stdin.buffer.read())
    # What libraries print is no result.
    with redirect_stdout(sys.stderr):
        result = work(asked, Registry())
    sys.stdout.write(result.model_dump_json())
