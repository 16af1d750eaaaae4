-- The lake: what its exporter must know and may do beside reading events.
-- Grants are in rls.sql, because the roles are made there.

SET LOCAL lock_timeout = '10s';

ALTER TABLE installation
    ADD COLUMN lake_ready_epoch  uuid,                        -- the epoch that settle_lake_epoch() has prepared
    ADD COLUMN lake_doubt_tx     bigint NOT NULL DEFAULT 0;   -- rows with a smaller tx may be in the lake already:
                                                              -- the exporter compares their event_id first

-- After a restore the rows carry transaction ids of another life of the database, and new rows
-- may be given smaller ones. Old rows therefore get the number of consumers that have passed
-- them (0, 1, 2 ...), consumers the matching number: less than any id that will be handed out.
-- Does nothing where ids have only grown. Old rows are those whose row version was not written
-- by the transaction that they name.
CREATE FUNCTION restamp_events() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own_tx  bigint := pg_current_xact_id()::text::bigint;
    marks   bigint[];
    moved   bigint := 0;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM consumer WHERE next_tx > own_tx)
       AND NOT EXISTS (SELECT 1 FROM event WHERE tx > own_tx) THEN
        RETURN 0;
    END IF;
    SELECT coalesce(array_agg(DISTINCT next_tx ORDER BY next_tx), '{}') INTO marks FROM consumer;
    UPDATE event
       SET tx = (SELECT count(*) FROM unnest(marks) AS mark WHERE mark <= event.tx)
     WHERE event.xmin::text::bigint <> (event.tx & 4294967295);
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE consumer SET next_tx = array_position(marks, next_tx);
    RETURN moved;
END $$;

-- Makes the watermark of the lake trustworthy: a new epoch when the old one belongs to another
-- life of the database, and the mark below which rows are compared with the lake.
CREATE FUNCTION settle_lake_epoch(p_start_anew boolean, p_lake_is_empty boolean) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    epoch  uuid;
BEGIN
    PERFORM restamp_events();
    UPDATE installation
       SET lake_epoch = CASE WHEN p_start_anew THEN gen_random_uuid() ELSE lake_epoch END,
           lake_system = (SELECT system_identifier FROM pg_control_system()),
           lake_doubt_tx = CASE WHEN p_lake_is_empty THEN 0 ELSE pg_current_xact_id()::text::bigint END;
    UPDATE installation SET lake_ready_epoch = lake_epoch RETURNING lake_epoch INTO epoch;
    RETURN epoch;
END $$;

-- BRIN knows nothing of pages written since the last summary and has them read again each time.
-- Gives up rather than wait: a waiting lock request would end a running autovacuum.
CREATE FUNCTION summarize_event_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    part   regclass;
    total  integer := 0;
BEGIN
    FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'event'::regclass LOOP
        BEGIN
            total := total + brin_summarize_new_values(to_regclass(part::text || '_tx'));
        EXCEPTION WHEN lock_not_available THEN
            CONTINUE;
        END;
    END LOOP;
    RETURN total;
END $$;

-- Months that have a partition, as year * 100 + month, oldest first.
CREATE FUNCTION list_event_months() RETURNS TABLE (month integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT substr(inhrelid::regclass::text, 7)::integer FROM pg_inherits
     WHERE inhparent = 'event'::regclass AND inhrelid::regclass::text ~ '^event_[0-9]{6}$' ORDER BY 1
$$;

-- Drops the partition of a month if that month ended more than p_hot_days ago (8 at least: messages
-- are recognized again for 7 days) and every row of it is below the watermark. Says whether it did.
CREATE FUNCTION drop_event_month(p_month integer, p_watermark bigint, p_hot_days integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    part       text := 'event_' || p_month;
    ends_at    timestamptz := (to_date(p_month::text, 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC';
    is_needed  boolean;
BEGIN
    IF to_regclass(part) IS NULL OR ends_at > now() - make_interval(days => greatest(p_hot_days, 8)) THEN
        RETURN false;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE tx >= $1)', part) INTO is_needed USING p_watermark;
    IF is_needed THEN
        RETURN false;
    END IF;
    LOCK TABLE ONLY event IN ACCESS EXCLUSIVE MODE;      -- parent first, as writers do
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', part);
    -- Once more, now that no writer can be under way.
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE tx >= $1)', part) INTO is_needed USING p_watermark;
    IF is_needed THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %I', part);
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END $$;

-- The oldest transaction that has written, which is what holds every reader of the stream back.
CREATE FUNCTION find_oldest_writer() RETURNS TABLE (pid integer, age_s double precision, lag_tx bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT writer.pid,
           coalesce(extract(epoch FROM clock_timestamp() - writer.began_at), 0)::double precision,
           age(writer.xid)::bigint
      FROM (SELECT pid, xact_start AS began_at, backend_xid AS xid FROM pg_stat_activity
             WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
            UNION ALL
            SELECT 0, prepared, transaction FROM pg_prepared_xacts) AS writer
     ORDER BY age(writer.xid) DESC
     LIMIT 1
$$;
