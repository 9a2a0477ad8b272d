"""Migrations make exactly the tables of the schema, once, all or nothing."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect

from equity.store import codes, schema
from equity.store.engine import upgrade


def _reflected(engine: Engine) -> dict[str, Any]:
    """Everything the database itself says about its tables."""
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for table in inspector.get_table_names():
        found[table] = {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)
            ),
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "checks": sorted((str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(table)),
            "indexes": sorted((str(i["name"]), i["column_names"]) for i in inspector.get_indexes(table)),
            "foreign": sorted(
                (str(f["name"]), f["constrained_columns"], f["referred_table"], str(f["options"]))
                for f in inspector.get_foreign_keys(table)
            ),
        }
    found.pop("alembic_version", None)
    return found


def test_migrated_tables_are_those_of_the_schema(store: Engine) -> None:
    with store.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    migrated = _reflected(store)
    with store.begin() as connection:
        schema.metadata.drop_all(connection)
        schema.metadata.create_all(connection)
    assert migrated == _reflected(store)
    assert set(migrated) == set(schema.metadata.tables)
    assert len(migrated) == 18


def test_codes_agree_with_the_figure() -> None:
    from equity.release import figure

    assert figure.AREA_KINDS == codes.AREA_KINDS
    assert figure.GROUPS == codes.GROUPS
    assert figure.BASES == codes.BASES
    assert figure.STATUSES == codes.STATUSES


def test_upgrading_twice_changes_nothing(store: Engine) -> None:
    before = _reflected(store)
    upgrade(store)
    assert _reflected(store) == before
