"""The database: the night publishes into it, people are answered from it. The only code that knows SQL.

`store` is the door; `rows` are the shapes that go through it; `schema` and `migrations` are the tables;
`access` and `records` are parts of the door; `runs`, `scores`, `promotions`, `keys`, `users`, `sessions`,
`overrides`, `audit` and `versions` are the statements, each on a connection that the door opened.
"""

from serving.store.access_rows import ROLES, ApiKey, Role, Session, User
from serving.store.record_rows import AuditEntry, AuditPage, KeptPolicy, KeptState, Override, OverrideKind
from serving.store.rows import (
    CustomerRow,
    CustomerSummary,
    InvoiceRow,
    Page,
    Promotion,
    PromotionEntry,
    Run,
    RunKey,
    StoredCustomer,
)
from serving.store.store import Store, open_store

__all__ = [
    "ROLES",
    "ApiKey",
    "AuditEntry",
    "AuditPage",
    "CustomerRow",
    "CustomerSummary",
    "InvoiceRow",
    "KeptPolicy",
    "KeptState",
    "Override",
    "OverrideKind",
    "Page",
    "Promotion",
    "PromotionEntry",
    "Role",
    "Run",
    "RunKey",
    "Session",
    "Store",
    "StoredCustomer",
    "User",
    "open_store",
]
