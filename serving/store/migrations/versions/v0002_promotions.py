"""Create the history of promotions, which takes new rows only: the database refuses to change or drop one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "the history of promotions only grows"


def upgrade() -> None:
    """Create the table and what keeps it as it is."""
    op.create_table(
        "promotions",
        sa.Column("promotion_id", sa.Integer(), primary_key=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("second", sa.String()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "promotions", ["target", "promotion_id"])
    if op.get_bind().dialect.name == "sqlite":
        _keep_on_sqlite()
    else:
        _keep_on_postgresql()


def downgrade() -> None:
    """Drop the table; its triggers go with it."""
    op.drop_table("promotions")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION encours_keep_promotions()")


def _keep_on_sqlite() -> None:
    # REPLACE deletes without firing a delete trigger, hence the one on insert.
    taken = "EXISTS (SELECT 1 FROM promotions WHERE promotion_id = NEW.promotion_id)"
    for name, event, when in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", ""),
        ("replace", "INSERT", taken),
    ):
        condition = f"WHEN {when}" if when else ""
        op.execute(
            f"CREATE TRIGGER promotions_no_{name} BEFORE {event} ON promotions {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def _keep_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION encours_keep_promotions() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, event, each in (
        ("rows", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER promotions_no_{name} BEFORE {event} ON promotions FOR EACH {each} "
            "EXECUTE FUNCTION encours_keep_promotions()"
        )
