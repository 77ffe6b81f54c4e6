"""Tables of the store after the last migration.

Owns names, types and indexes. A change requires a migration; a test compares the two.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RUN_KEY = ("as_of", "late_model", "default_model", "policy_hash", "data_hash", "state_schema")

RUNS = Table(
    "runs",
    METADATA,
    Column("run_id", Integer, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("late_model", String, nullable=False),
    Column("default_model", String, nullable=False),
    Column("policy_hash", String, nullable=False),
    Column("data_hash", String, nullable=False),
    Column("state_schema", String, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("context", Text),
    UniqueConstraint(*RUN_KEY, name="uq_runs_key"),
    sqlite_autoincrement=True,
)

POINTERS = Table(
    "pointers",
    METADATA,
    Column("name", String, primary_key=True),
    Column("run_id", ForeignKey("runs.run_id"), nullable=False),
)

PARTITIONS = Table(
    "partitions",
    METADATA,
    Column("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("findings", LargeBinary),
    Column("payment_weeks", LargeBinary),
)

CUSTOMERS = Table(
    "customers",
    METADATA,
    Column("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("customer_id", String, primary_key=True),
    Column("partition", Integer, nullable=False),
    Column("name", String),
    Column("name_folded", String, nullable=False),
    Column("siren", String),
    Column("pd_12m", Double, nullable=False),
    Column("p_late30", Double, nullable=False),
    Column("grade", String, nullable=False),
    Column("limit_eur", Double, nullable=False),
    Column("open_eur", Double, nullable=False),
    Column("overdue_eur", Double, nullable=False),
    Column("proceeding", String),
    Column("sector", String),
    Column("review_on", Date),
    Column("expected_loss_eur", Double),
    Column("announced_grade", String),
    Column("group_id", String),
    Column("region", String),
    Column("insurer", String),
    Column("in_default", Boolean),
    Index(None, "run_id", "partition"),
    Index(None, "run_id", "pd_12m"),
    Index(None, "run_id", "name_folded", "customer_id"),
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("run_id", Integer, primary_key=True),
    Column("customer_id", String, primary_key=True),
    Column("party", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("assessment", LargeBinary, nullable=False),
    Column("dossier", LargeBinary),
    ForeignKeyConstraint(
        ["run_id", "customer_id"], ["customers.run_id", "customers.customer_id"], ondelete="CASCADE"
    ),
)

INVOICES = Table(
    "invoices",
    METADATA,
    Column("run_id", Integer, primary_key=True),
    Column("invoice_id", String, primary_key=True),
    Column("customer_id", String, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("amount_eur", Double, nullable=False),
    Column("open_eur", Double, nullable=False),
    Column("p_late30", Double, nullable=False),
    Column("days_late_p10", Double, nullable=False),
    Column("days_late_p50", Double, nullable=False),
    Column("days_late_p90", Double, nullable=False),
    Column("days_overdue", Integer),
    Column("disputed", Boolean),
    ForeignKeyConstraint(
        ["run_id", "customer_id"], ["customers.run_id", "customers.customer_id"], ondelete="CASCADE"
    ),
    Index(None, "run_id", "customer_id", "due_on"),
)

PORTFOLIO = Table(
    "portfolio",
    METADATA,
    Column("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("document", LargeBinary, nullable=False),
)

PORTFOLIO_NIGHTS = Table(
    "portfolio_nights",
    METADATA,
    Column("as_of", Date, primary_key=True),
    Column("run_id", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
)
"""Figures of each published night, which outlive its run."""

ALERTS = Table(
    "alerts",
    METADATA,
    Column("run_id", Integer, primary_key=True),
    Column("customer_id", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("name", String),
    Column("severity", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("open_eur", Double, nullable=False),
    Column("body", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["run_id", "customer_id"], ["customers.run_id", "customers.customer_id"], ondelete="CASCADE"
    ),
    Index(None, "run_id", "place", unique=True),
)

WORKLIST = Table(
    "worklist",
    METADATA,
    Column("run_id", Integer, primary_key=True),
    Column("customer_id", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("name", String),
    Column("tone", String, nullable=False),
    Column("at_risk_eur", Double, nullable=False),
    Column("overdue_eur", Double, nullable=False),
    Column("body", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["run_id", "customer_id"], ["customers.run_id", "customers.customer_id"], ondelete="CASCADE"
    ),
    Index(None, "run_id", "place", unique=True),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("message_id", String, primary_key=True),
    Column("run_id", Integer, nullable=False, index=True),
    Column("channel", String, nullable=False),
    Column("endpoint", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("sent_at", DateTime(timezone=True)),
    Column("error", Text),
    Index(None, "status", "next_at"),
)
"""Messages to send after a night; a sent one stays until its run is pruned."""

PROMOTIONS = Table(
    "promotions",
    METADATA,
    Column("promotion_id", Integer, primary_key=True),
    Column("target", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("model_version", String, nullable=False),
    Column("action", String, nullable=False),
    Column("who", String, nullable=False),
    Column("second", String),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("previous", Integer),
    Column("reason", Text, nullable=False),
    Column("verdict", Text),
    Index(None, "target", "promotion_id"),
    sqlite_autoincrement=True,
)
"""Append-only, enforced by triggers of the migration."""

OVERRIDES = Table(
    "overrides",
    METADATA,
    Column("override_id", Integer, primary_key=True),
    Column("withdraws", ForeignKey("overrides.override_id"), unique=True),
    Column("customer_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("limit_eur", Double),
    Column("grade", String),
    Column("own", Text),
    Column("reason", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("valid_until", Date),
    Index(None, "customer_id", "override_id"),
    sqlite_autoincrement=True,
)
"""Append-only: a withdrawal is a row of its own that references the override."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("audit_id", Integer, primary_key=True),
    Column("answer_id", String, nullable=False, unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", String, nullable=False),
    Column("role", String, nullable=False),
    Column("via", String, nullable=False),
    Column("action", String, nullable=False),
    Column("customer_id", String),
    Column("question", Text, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("state_hash", String),
    Column("features_hash", String),
    Column("late_model", String),
    Column("default_model", String),
    Column("policy_hash", String),
    Column("seal", String, nullable=False),
    Column("link", String),
    Index(None, "customer_id", "audit_id"),
    Index(None, "who", "audit_id"),
    sqlite_autoincrement=True,
)
"""Append-only."""

SEALED_ROWS = Table(
    "sealed_rows",
    METADATA,
    Column("seal_id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("row_key", String, nullable=False),
    Column("seal", String, nullable=False),
    Column("link", String, nullable=False),
    Index(None, "kind", "row_key"),
    sqlite_autoincrement=True,
)
"""Append-only: content hashes of other tables' rows at the time of writing."""

KEPT_STATES = Table(
    "kept_states",
    METADATA,
    Column("state_hash", String, primary_key=True),
    Column("features_hash", String, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("party", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("surroundings", Text, nullable=False),
    Column("state_schema", String),
)
"""Append-only, without duplicates: inputs of answers."""

STATE_SCHEMAS = Table(
    "state_schemas",
    METADATA,
    Column("schema_hash", String, primary_key=True),
    Column("document", Text, nullable=False),
)
"""Append-only, without duplicates: state schemas, referenced by hash in `runs` and `kept_states`; an older
stored state references none, and `models.features.state_schema.unversioned` determines it."""

KEPT_FORMS = Table(
    "kept_forms",
    METADATA,
    Column("form_hash", String, primary_key=True),
    Column("form", LargeBinary, nullable=False),
)
"""Append-only, without duplicates: shared parts of answers about one customer."""

KEPT_POLICIES = Table(
    "kept_policies",
    METADATA,
    Column("policy_hash", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
)
"""Append-only, without duplicates: policies referenced by answers."""

MODELS = Table(
    "models",
    METADATA,
    Column("model_version", String, primary_key=True),
    Column("target", String, nullable=False),
    Column("files", LargeBinary, nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
)
"""Append-only, without duplicates: every model that was promoted, as the texts of its files."""

USERS = Table(
    "users",
    METADATA,
    Column("user_id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("disabled_at", DateTime(timezone=True)),
    Column("password_changed_at", DateTime(timezone=True), nullable=False),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token_hash", String, primary_key=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    Column("csrf_token", String, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Index(None, "user_id"),
    Index(None, "expires_at"),
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("key_id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("key_hash", String, nullable=False, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
    Column("last_used_on", Date),
    Column("rotated_at", DateTime(timezone=True)),
)

ACTIVE_KEY_NAME = Index(
    "uq_api_keys_active_name",
    API_KEYS.c.name,
    unique=True,
    sqlite_where=text("revoked_at IS NULL AND rotated_at IS NULL"),
    postgresql_where=text("revoked_at IS NULL AND rotated_at IS NULL"),
)
