"""PostgreSQL: the one system of record and the one queue."""

from fanwheel.infra.postgres.migrate import check_migrations, migrate
from fanwheel.infra.postgres.pool import Connection, Database, DatabaseDownError, Transaction, dsn_for_role

__all__ = ["Connection", "Database", "DatabaseDownError", "Transaction", "check_migrations", "dsn_for_role", "migrate"]
