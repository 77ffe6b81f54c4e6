"""Say what the numbers of stored states are: a schema beside each run and each kept state.

Runs of before get the schema that their states' length tells; a kept state of before names none, for its
length tells it too, and such a row stays as it is.
"""

import json
import zlib

import sqlalchemy as sa
from alembic import op

from models.errors import StoreError
from models.features.state_schema import StateSchema, unversioned
from serving.store.migrations import append_only

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = ("as_of", "late_model", "default_model", "policy_hash", "data_hash")
_SCHEMAS = sa.table("state_schemas", sa.column("schema_hash", sa.String()), sa.column("document", sa.Text()))
_NEWEST_LENGTH = 1376
"""Of the states of the version before: a run without any yet was begun by it."""
_NUMBER_BYTES = 8


def upgrade() -> None:
    """Create the table, name the schema of each run, and make it part of what makes a run the same."""
    op.create_table(
        "state_schemas",
        sa.Column("schema_hash", sa.String(), primary_key=True),
        sa.Column("document", sa.Text(), nullable=False),
    )
    append_only.keep("state_schemas", ["schema_hash"], "the schema of a state stays as it is")
    op.add_column("kept_states", sa.Column("state_schema", sa.String()))
    op.add_column("runs", sa.Column("state_schema", sa.String()))
    _name_schemas()
    _rebuild_key([*KEY, "state_schema"])


def downgrade() -> None:
    """Drop the table and the columns while the version before can read every state.

    Raises
    ------
    StoreError
        A state is of a schema that the version before does not know.
    """
    texts = op.get_bind().scalars(sa.select(_SCHEMAS.c.document))
    schemas = [StateSchema.from_document(json.loads(text)) for text in texts]
    if any(one != unversioned(one.length) for one in schemas):
        raise StoreError(
            "states are stored that the earlier version cannot read; to go back, put the copy in place that "
            "was made before the update"
        )
    _rebuild_key(list(KEY))
    op.drop_column("kept_states", "state_schema")
    append_only.drop("state_schemas")


def _name_schemas() -> None:
    bind = op.get_bind()
    for run_id in bind.scalars(sa.text("SELECT run_id FROM runs")).all():
        one = sa.text("SELECT state FROM documents WHERE run_id = :run LIMIT 1")
        state = bind.scalar(one, {"run": run_id})
        schema = unversioned(
            _NEWEST_LENGTH if state is None else len(zlib.decompress(state)) // _NUMBER_BYTES
        )
        _keep(schema)
        named = sa.text("UPDATE runs SET state_schema = :schema WHERE run_id = :run")
        bind.execute(named, {"schema": schema.hash, "run": run_id})


def _keep(schema: StateSchema) -> None:
    bind, row = op.get_bind(), {"schema_hash": schema.hash}
    if not bind.scalar(sa.select(sa.func.count()).where(_SCHEMAS.c.schema_hash == schema.hash)):
        text = json.dumps(schema.document(), separators=(",", ":"))
        bind.execute(sa.insert(_SCHEMAS), {**row, "document": text})


def _rebuild_key(key: list[str]) -> None:
    """Put another unique key on `runs`; without the schema in it, its column goes."""
    has_schema = "state_schema" in key
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_on_sqlite(key, has_schema=has_schema)
        return
    (before,) = sa.inspect(op.get_bind()).get_unique_constraints("runs")
    op.drop_constraint(str(before["name"]), "runs", type_="unique")
    if has_schema:
        op.alter_column("runs", "state_schema", nullable=False)
    else:
        op.drop_column("runs", "state_schema")
    op.create_unique_constraint("uq_runs_key" if has_schema else None, "runs", key)


def _rebuild_on_sqlite(key: list[str], *, has_schema: bool) -> None:
    """Write `runs` anew, which is how SQLite changes a key; its highest number so far stays the highest.

    Raises
    ------
    StoreError
        Foreign keys are enforced: to drop the table would delete what refers to it.
    """
    bind = op.get_bind()
    if bind.scalar(sa.text("PRAGMA foreign_keys")):
        raise StoreError("this step needs `serving.store.engine.migration`, which holds foreign keys back")
    schema = [sa.Column("state_schema", sa.String(), nullable=False)] if has_schema else []
    unique = sa.UniqueConstraint(*key, name="uq_runs_key") if has_schema else sa.UniqueConstraint(*key)
    op.create_table(
        "runs_anew",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in KEY[1:]),
        *schema,
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("context", sa.Text()),
        unique,
        sqlite_autoincrement=True,
    )
    columns = ", ".join(["run_id", *key, "started_at", "published_at", "context"])
    op.execute(f"INSERT INTO runs_anew ({columns}) SELECT {columns} FROM runs")  # noqa: S608  # names of columns
    highest = bind.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'runs'"))
    op.drop_table("runs")
    op.rename_table("runs_anew", "runs")
    if highest is not None:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'runs'")
        kept = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('runs', :seq)")
        bind.execute(kept, {"seq": highest})
