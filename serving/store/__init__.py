"""The database: the night publishes into it, people are answered from it. The only code that knows SQL.

`store` is the door; `rows` are the shapes that go through it; `schema` and `migrations` are the tables;
`runs`, `scores`, `promotions` and `keys` are the statements, each on a connection that `store` opened.
"""

from serving.store.rows import (
    ApiKey,
    CustomerRow,
    CustomerSummary,
    InvoiceRow,
    Page,
    Promotion,
    PromotionEntry,
    Role,
    Run,
    RunKey,
    StoredCustomer,
)
from serving.store.store import Store, open_store

__all__ = [
    "ApiKey",
    "CustomerRow",
    "CustomerSummary",
    "InvoiceRow",
    "Page",
    "Promotion",
    "PromotionEntry",
    "Role",
    "Run",
    "RunKey",
    "Store",
    "StoredCustomer",
    "open_store",
]
