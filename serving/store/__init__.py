"""Database access: nightly runs publish to it, serving reads it. The only package with SQL.

`store` is the facade; `rows` are its data types; `schema` and `migrations` define the tables; `access`,
`records`, `approvals`, `publishing`, `outgoing`, `backups` and `pruning` are parts of the facade; `runs`,
`scores`, `published`, `outbox`, `history`, `promotions`, `models`, `keys`, `users`, `sessions`, `overrides`,
`cases`, `audit`, `audit_check` and `versions` are the statements, each on a connection opened by the facade;
`hash_chain` links the entries of the audit log.
"""

from serving.store.access_rows import ROLES, ApiKey, Role, Session, User
from serving.store.audit import PreparedEntry, prepare
from serving.store.audit_check import AuditCheck, AuditFault
from serving.store.backups import is_empty, restore_store
from serving.store.case_rows import (
    CASE_KINDS,
    CASE_STATES,
    PENDING,
    ApprovalCase,
    CaseEvent,
    CaseEventKind,
    CaseFilter,
    CaseKind,
    CaseState,
)
from serving.store.closings import ClosingRecord
from serving.store.customer_query import SORTS, CustomerQuery, ForcedFigures, SelectionTotals
from serving.store.dossiers import Dossier, Event, OutsideScore, PaidInvoice
from serving.store.engine import is_known_revision
from serving.store.follow_up_rows import AlertFollowUp, Assignment, Oversight, Review
from serving.store.hash_chain import AuditKeys
from serving.store.model_evaluations import ModelEvaluation
from serving.store.outbox import NewMessage, OutboxChannel, OutboxMessage, OutboxStatus
from serving.store.packed_partition import PackedPartition
from serving.store.packing import fold
from serving.store.pagination import ListPage
from serving.store.pruning import PrunedRuns
from serving.store.published_rows import (
    AlertRow,
    CustomerEvidence,
    CustomerFile,
    HistoryPoint,
    WorklistEntry,
    WorklistRow,
    WorklistSelection,
)
from serving.store.record_rows import (
    AuditEntry,
    AuditFilter,
    AuditPage,
    Override,
    OverrideKind,
    StoredModel,
    StoredPolicy,
    StoredState,
)
from serving.store.rows import (
    CustomerRow,
    CustomerSummary,
    InvoiceRow,
    Promotion,
    PromotionEntry,
    Run,
    RunKey,
    StoredCustomer,
)
from serving.store.scores import StoredRows
from serving.store.store import Store, open_store

__all__ = [
    "CASE_KINDS",
    "CASE_STATES",
    "PENDING",
    "ROLES",
    "SORTS",
    "AlertFollowUp",
    "AlertRow",
    "ApiKey",
    "ApprovalCase",
    "Assignment",
    "AuditCheck",
    "AuditEntry",
    "AuditFault",
    "AuditFilter",
    "AuditKeys",
    "AuditPage",
    "CaseEvent",
    "CaseEventKind",
    "CaseFilter",
    "CaseKind",
    "CaseState",
    "ClosingRecord",
    "CustomerEvidence",
    "CustomerFile",
    "CustomerQuery",
    "CustomerRow",
    "CustomerSummary",
    "Dossier",
    "Event",
    "ForcedFigures",
    "HistoryPoint",
    "InvoiceRow",
    "ListPage",
    "ModelEvaluation",
    "NewMessage",
    "OutboxChannel",
    "OutboxMessage",
    "OutboxStatus",
    "OutsideScore",
    "Override",
    "OverrideKind",
    "Oversight",
    "PackedPartition",
    "PaidInvoice",
    "PreparedEntry",
    "Promotion",
    "PromotionEntry",
    "PrunedRuns",
    "Review",
    "Role",
    "Run",
    "RunKey",
    "SelectionTotals",
    "Session",
    "Store",
    "StoredCustomer",
    "StoredModel",
    "StoredPolicy",
    "StoredRows",
    "StoredState",
    "User",
    "WorklistEntry",
    "WorklistRow",
    "WorklistSelection",
    "fold",
    "is_empty",
    "is_known_revision",
    "open_store",
    "prepare",
    "restore_store",
]
