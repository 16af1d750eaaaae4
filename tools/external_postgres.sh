# Starts and stops PostgreSQL servers of the system, one for each of two test processes, each in a directory of its own
# on a Unix socket. Two, because a transaction open in one database keeps readers of every database back. Sourced.

start_external_postgres() {
    EXTERNAL_BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
    [ -n "$EXTERNAL_BIN" ] || return 1
    EXTERNAL_AS=""
    [ "$(id -u)" != 0 ] || EXTERNAL_AS="setpriv --reuid=postgres --regid=postgres --clear-groups"
    EXTERNAL_DIRS=""
    for number in 0 1; do
        dir=$(mktemp -d /tmp/fw-external.XXXXXX)
        EXTERNAL_DIRS="$EXTERNAL_DIRS $dir"
        [ -z "$EXTERNAL_AS" ] || chown postgres "$dir"
        (cd / && $EXTERNAL_AS "$EXTERNAL_BIN/initdb" -D "$dir/data" -A trust -U fanwheel -E UTF8 --locale=C --no-sync \
            >/dev/null)
        (cd / && $EXTERNAL_AS "$EXTERNAL_BIN/pg_ctl" -s -w -D "$dir/data" -l "$dir/log" \
            -o "-k $dir -c listen_addresses= -c max_connections=200 -c fsync=off" start)
        export "FANWHEEL_TEST_DATABASE_URL_GW$number=host=$dir user=fanwheel dbname=postgres"
    done
}

stop_external_postgres() {
    for dir in $EXTERNAL_DIRS; do
        (cd / && $EXTERNAL_AS "$EXTERNAL_BIN/pg_ctl" -s -m immediate -D "$dir/data" stop) || true
        rm -rf "$dir"
    done
}
