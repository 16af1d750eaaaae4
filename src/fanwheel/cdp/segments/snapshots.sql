-- Snapshots that are taken again and again.

-- name: get_zone
-- The workspace's time zone.
SELECT time_zone FROM workspace WHERE workspace_id = %(workspace)s;

-- name: add_schedule
-- The number of a new schedule.
INSERT INTO segment_schedule (workspace_id, segment_id, every, weekday, hour, keep, next_at, created_by)
VALUES (%(workspace)s, %(segment_id)s, %(every)s, %(weekday)s, %(hour)s, %(keep)s, %(next_at)s, %(actor)s)
RETURNING schedule_id;

-- name: list_schedules
-- The schedules of a segment, or one.
SELECT schedule_id, segment_id, every, weekday, hour, keep, next_at, last_run_at, error, created_at, created_by
  FROM segment_schedule
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s
   AND (%(one)s::integer IS NULL OR schedule_id = %(one)s)
 ORDER BY schedule_id;

-- name: delete_schedule
-- Ends a schedule.
DELETE FROM segment_schedule
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s
   AND schedule_id = %(schedule_id)s;

-- name: delete_schedules
-- Ends the schedules of a segment.
DELETE FROM segment_schedule WHERE workspace_id = %(workspace)s AND segment_id = %(segment_id)s;

-- name: find_due
-- A schedule whose time has come; other workers are kept from it until the transaction ends.
SELECT schedule_id, segment_id, every, weekday, hour, keep
  FROM segment_schedule
 WHERE workspace_id = %(workspace)s
   AND next_at <= %(now)s
 ORDER BY next_at
 LIMIT 1
   FOR UPDATE SKIP LOCKED;

-- name: put_off
-- Notes a run and when the next one is.
UPDATE segment_schedule
   SET next_at = %(next_at)s, last_run_at = %(now)s, error = %(error)s
 WHERE workspace_id = %(workspace)s
   AND schedule_id = %(schedule_id)s;

-- name: list_outlived
-- Snapshots of a schedule beyond those that are kept, oldest first; those that a rule asks for stay.
SELECT list_id
  FROM list
 WHERE workspace_id = %(workspace)s
   AND schedule_id = %(schedule_id)s
   AND list_id NOT IN (SELECT list_id
                         FROM list
                        WHERE workspace_id = %(workspace)s
                          AND schedule_id = %(schedule_id)s
                        ORDER BY list_id DESC
                        LIMIT %(keep)s)
   AND NOT EXISTS (SELECT FROM segment
                    WHERE segment.workspace_id = %(workspace)s
                      AND (jsonb_path_exists(segment.rule, '$.** ? (@.type == "list" && @.list_id == $id)',
                                             jsonb_build_object('id', list.list_id))
                           OR jsonb_path_exists(segment.live_rule, '$.** ? (@.type == "list" && @.list_id == $id)',
                                                jsonb_build_object('id', list.list_id))))
 ORDER BY list_id;
