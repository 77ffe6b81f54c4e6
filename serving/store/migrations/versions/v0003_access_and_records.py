"""Create users, sessions, overrides, the audit log and what replays need; let keys expire and rotate."""

import sqlalchemy as sa
from alembic import op

from serving.store.migrations import append_only

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ACTIVE_NAME = "uq_api_keys_active_name"


def upgrade() -> None:
    """Create the tables, and what keeps those that only grow as they are."""
    _create_access()
    _extend_keys()
    _create_overrides()
    _create_audit()
    _create_kept()
    for table, unique, refusal in (
        ("overrides", ["override_id", "withdraws"], "the history of overrides only grows"),
        ("audit", ["audit_id", "answer_id"], "the audit log only grows"),
        ("kept_states", ["state_hash"], "a kept state stays as it is"),
        ("kept_policies", ["policy_hash"], "a kept policy stays as it is"),
    ):
        append_only.keep(table, unique, refusal)


def downgrade() -> None:
    """Drop the tables and the new columns."""
    for table in ("kept_policies", "kept_states", "audit", "overrides"):
        append_only.drop(table)
    op.drop_table("sessions")
    op.drop_table("users")
    _index_active_names("revoked_at IS NULL")
    for column in ("rotated_at", "last_used_on", "expires_at"):
        op.drop_column("api_keys", column)


def _create_access() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False, unique=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.user_id"), nullable=False),
        sa.Column("csrf_token", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index(None, "sessions", ["user_id"])
    op.create_index(None, "sessions", ["expires_at"])


def _extend_keys() -> None:
    op.add_column("api_keys", sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.add_column("api_keys", sa.Column("last_used_on", sa.Date()))
    op.add_column("api_keys", sa.Column("rotated_at", sa.DateTime(timezone=True)))
    _index_active_names("revoked_at IS NULL AND rotated_at IS NULL")


def _index_active_names(condition: str) -> None:
    op.drop_index(ACTIVE_NAME, "api_keys")
    active = sa.text(condition)
    op.create_index(
        ACTIVE_NAME, "api_keys", ["name"], unique=True, sqlite_where=active, postgresql_where=active
    )


def _create_overrides() -> None:
    op.create_table(
        "overrides",
        sa.Column("override_id", sa.Integer(), primary_key=True),
        sa.Column("withdraws", sa.Integer(), sa.ForeignKey("overrides.override_id"), unique=True),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("limit_eur", sa.Double()),
        sa.Column("grade", sa.String()),
        sa.Column("own", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "overrides", ["customer_id", "override_id"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer(), primary_key=True),
        sa.Column("answer_id", sa.String(), nullable=False, unique=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String()),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.String()) for name in ("state_hash", "features_hash")),
        *(sa.Column(name, sa.String()) for name in ("late_model", "default_model", "policy_hash")),
        sa.Column("seal", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "audit", ["customer_id", "audit_id"])
    op.create_index(None, "audit", ["who", "audit_id"])


def _create_kept() -> None:
    op.create_table(
        "kept_states",
        sa.Column("state_hash", sa.String(), primary_key=True),
        sa.Column("features_hash", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("surroundings", sa.Text(), nullable=False),
    )
    op.create_table(
        "kept_policies",
        sa.Column("policy_hash", sa.String(), primary_key=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
