"""What a restore must reset, so that the watermark of another life of the database is not believed."""

import psycopg

from fanwheel.infra import sqlfile
from fanwheel.infra.lake.repository import database_errors


def reset_after_restore(dsn: str) -> None:
    """Have the exporter compare the restored events with the lake before it goes on.

    Call it once after a restore and before anything else connects. ``dsn`` acts as the owner of the tables.
    Events then carry transaction ids below any that will be handed out, and consumers go on where they were.
    """
    statement = sqlfile.load("fanwheel.infra.lake")["reset_epoch"]
    with database_errors(), psycopg.connect(dsn) as conn:
        conn.execute(statement.encode())
