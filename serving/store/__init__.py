"""The database: the night publishes into it, people are answered from it. The only code that knows SQL.

`store` is the door; `rows` are the shapes that go through it; `schema` and `migrations` are the tables;
`access`, `records` and `publishing` are parts of the door; `runs`, `scores`, `published`, `history`,
`promotions`, `keys`, `users`, `sessions`, `overrides`, `audit`, `audit_check` and `versions` are the
statements, each on a connection that the door opened; `links` is what holds the audit log together.
"""

from serving.store.access_rows import ROLES, ApiKey, Role, Session, User
from serving.store.audit import PreparedEntry, prepare
from serving.store.audit_check import AuditCheck, AuditFault
from serving.store.dossiers import Dossier, Event, OutsideScore, PaidInvoice
from serving.store.hash_chain import AuditKeys
from serving.store.pagination import Stretch
from serving.store.published_rows import AlertRow, Chased, CustomerFile, HistoryPoint, WorklistRow
from serving.store.record_rows import AuditEntry, AuditPage, KeptPolicy, KeptState, Override, OverrideKind
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
from serving.store.store import Store, open_store

__all__ = [
    "ROLES",
    "AlertRow",
    "ApiKey",
    "AuditCheck",
    "AuditEntry",
    "AuditFault",
    "AuditKeys",
    "AuditPage",
    "Chased",
    "CustomerFile",
    "CustomerRow",
    "CustomerSummary",
    "Dossier",
    "Event",
    "HistoryPoint",
    "InvoiceRow",
    "KeptPolicy",
    "KeptState",
    "OutsideScore",
    "Override",
    "OverrideKind",
    "PaidInvoice",
    "PreparedEntry",
    "Promotion",
    "PromotionEntry",
    "Role",
    "Run",
    "RunKey",
    "Session",
    "Store",
    "StoredCustomer",
    "Stretch",
    "User",
    "WorklistRow",
    "open_store",
    "prepare",
]
