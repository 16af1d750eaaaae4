# Starts and stops a PostgreSQL of the system in a directory of its own, on a Unix socket. Sourced by test.sh.

start_external_postgres() {
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
    [ -n "$bin" ] || return 1
    EXTERNAL_DIR=$(mktemp -d /tmp/fw-external.XXXXXX)
    as=""
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$EXTERNAL_DIR"
        as="setpriv --reuid=postgres --regid=postgres --clear-groups"
    fi
    (cd / && $as "$bin/initdb" -D "$EXTERNAL_DIR/data" -A trust -U fanwheel -E UTF8 --locale=C --no-sync >/dev/null)
    (cd / && $as "$bin/pg_ctl" -s -w -D "$EXTERNAL_DIR/data" -l "$EXTERNAL_DIR/log" \
        -o "-k $EXTERNAL_DIR -c listen_addresses= -c max_connections=200 -c fsync=off" start)
    EXTERNAL_BIN=$bin EXTERNAL_AS=$as
    EXTERNAL_URL="host=$EXTERNAL_DIR user=fanwheel dbname=postgres"
}

stop_external_postgres() {
    (cd / && $EXTERNAL_AS "$EXTERNAL_BIN/pg_ctl" -s -m immediate -D "$EXTERNAL_DIR/data" stop) || true
    rm -rf "$EXTERNAL_DIR"
}
