-- What the lift of a broadcast reads from PostgreSQL, through ADBC, as a role that row-level security binds.
-- COPY takes no parameters, so they are the session's fanwheel.workspace, fanwheel.step and fanwheel.days.

-- name: met
-- One row per message that passed every rule of the gate but, for those who are held out, the holdout: whose it was or
-- would have been, from when to when what the person does counts, the time before it, and how much of it is over.
SELECT home.person_id,
       CASE WHEN intent.state <> 'held_out' THEN 'treated'
            WHEN kept.holdout = 'universal' THEN 'universal'
            WHEN kept.holdout LIKE 'channel:%' THEN 'channel'
            ELSE 'broadcast' END AS arm,
       intent.channel, kept.share, met.at AS met_at, met.at - interval '28 days' AS before_at,
       met.at + asked.days * interval '24 hours' AS until_at,
       greatest(least(extract(epoch FROM now() - met.at) / 86400 / asked.days, 1), 0)::double precision AS elapsed
  FROM intent
 CROSS JOIN (SELECT current_setting('fanwheel.days')::integer AS days) AS asked
 CROSS JOIN LATERAL (SELECT coalesce(intent.passed_at, intent.done_at, intent.due_at) AS at) AS met
 CROSS JOIN LATERAL (SELECT intent.notes -> -1 ->> 'holdout' AS holdout,
                            (intent.notes -> -1 ->> 'share')::double precision AS share) AS kept
  JOIN identifier AS home ON home.workspace_id = intent.workspace_id AND home.home_id = intent.home_id
 WHERE intent.workspace_id = current_setting('fanwheel.workspace')::integer
   AND intent.step = current_setting('fanwheel.step')
   AND (intent.passed_at IS NOT NULL OR intent.attempts > 0);
