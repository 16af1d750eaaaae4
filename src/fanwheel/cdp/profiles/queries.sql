-- Parts of profiles and click ids, written in bulk; times come in epoch microseconds.

-- name: put_parts
-- Folds what some events said into the parts of their homes.
INSERT INTO person_part AS known (workspace_id, home_id, first_seen_at, last_seen_at, event_count, traits, first_touch,
                                  last_touch, introduced_at, operated_at, shared_at, fan_channels)
SELECT %(workspace)s,
       fresh.home_id,
       timestamptz 'epoch' + fresh.first_us * interval '1 microsecond',
       timestamptz 'epoch' + fresh.last_us * interval '1 microsecond',
       fresh.events,
       fresh.traits,
       fresh.first_touch,
       fresh.last_touch,
       timestamptz 'epoch' + fresh.first_us * interval '1 microsecond',
       timestamptz 'epoch' + fresh.operated_us * interval '1 microsecond',
       timestamptz 'epoch' + fresh.shared_us * interval '1 microsecond',
       fresh.channels
  FROM json_to_recordset(%(parts)s::json)
       AS fresh (home_id bigint, first_us bigint, last_us bigint, events bigint, traits jsonb, first_touch jsonb,
                 last_touch jsonb, operated_us bigint, shared_us bigint, channels jsonb)
    ON CONFLICT (workspace_id, home_id) DO UPDATE
   SET first_seen_at = least(known.first_seen_at, excluded.first_seen_at),
       last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
       event_count = known.event_count + excluded.event_count,
       traits = CASE WHEN excluded.traits = '{}' THEN known.traits
                     WHEN known.traits = '{}' THEN excluded.traits
                     ELSE keep_newest(known.traits, excluded.traits) END,
       first_touch = CASE WHEN known.first_touch IS NULL THEN excluded.first_touch
                          WHEN excluded.first_touch IS NULL THEN known.first_touch
                          WHEN ((excluded.first_touch ->> 'at')::bigint, (excluded.first_touch ->> 'source_id')::int,
                                (excluded.first_touch ->> 'campaign') COLLATE "C")
                             < ((known.first_touch ->> 'at')::bigint, (known.first_touch ->> 'source_id')::int,
                                (known.first_touch ->> 'campaign') COLLATE "C")
                          THEN excluded.first_touch ELSE known.first_touch END,
       last_touch = CASE WHEN known.last_touch IS NULL THEN excluded.last_touch
                         WHEN excluded.last_touch IS NULL THEN known.last_touch
                         WHEN ((excluded.last_touch ->> 'at')::bigint, (excluded.last_touch ->> 'source_id')::int,
                               (excluded.last_touch ->> 'campaign') COLLATE "C")
                            > ((known.last_touch ->> 'at')::bigint, (known.last_touch ->> 'source_id')::int,
                               (known.last_touch ->> 'campaign') COLLATE "C")
                         THEN excluded.last_touch ELSE known.last_touch END,
       introduced_at = least(known.introduced_at, excluded.introduced_at),
       operated_at = least(known.operated_at, excluded.operated_at),
       shared_at = least(known.shared_at, excluded.shared_at),
       fan_channels = CASE WHEN excluded.fan_channels = '{}' THEN known.fan_channels
                           WHEN known.fan_channels = '{}' THEN excluded.fan_channels
                           ELSE keep_newest(known.fan_channels, excluded.fan_channels) END;

-- name: put_clicks
-- Adds click ids; of one seen before the earliest time stays.
INSERT INTO person_click AS known (workspace_id, home_id, kind, value, clicked_at)
SELECT %(workspace)s, fresh.home_id, fresh.kind, fresh.value, timestamptz 'epoch' + fresh.at_us * interval '1 microsecond'
  FROM json_to_recordset(%(clicks)s::json) AS fresh (home_id bigint, kind text, value text, at_us bigint)
    ON CONFLICT (workspace_id, home_id, kind, value) DO UPDATE
   SET clicked_at = excluded.clicked_at
 WHERE known.clicked_at > excluded.clicked_at;

-- name: find_homes
-- The person that each home belongs to now, and the identifier that made the home; erased homes are left out.
SELECT home_id, person_id, kind, value
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);
