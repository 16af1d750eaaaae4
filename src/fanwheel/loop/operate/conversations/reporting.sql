-- How fast people were answered, and how they found it.

-- name: list_response_times
-- By agent, team or channel (group_by), over rounds opened in a period: how many, answered, late, and the middle and
-- the ninetieth percentile of times, by the clock and in business hours; without a group the whole.
SELECT CASE %(group_by)s WHEN 'agent' THEN coalesce(round.closed_by, round.answered_by)::text
                         WHEN 'team' THEN round.team_id::text
                         WHEN 'channel' THEN round.channel END AS group_key,
       count(*)::integer AS opened,
       count(round.answered_at)::integer AS answered,
       count(round.closed_at)::integer AS closed,
       count(*) FILTER (WHERE round.is_response_late)::integer AS late_responses,
       count(round.is_response_late)::integer AS promised_responses,
       count(*) FILTER (WHERE round.is_resolution_late)::integer AS late_resolutions,
       count(round.is_resolution_late)::integer AS promised_resolutions,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY round.response_s) AS response_p50_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY round.response_s) AS response_p90_s,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY round.response_open_s) AS response_open_p50_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY round.response_open_s) AS response_open_p90_s,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY round.resolution_s) AS resolution_p50_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY round.resolution_s) AS resolution_p90_s,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY round.resolution_open_s) AS resolution_open_p50_s
  FROM conversation_round AS round
 WHERE round.workspace_id = %(workspace)s
   AND round.opened_at >= %(since)s
   AND round.opened_at < %(until)s
 GROUP BY 1
 ORDER BY opened DESC, group_key;

-- name: list_ratings
-- By agent, team or channel (group_by), over ratings asked for in a period: how many, given, and their mean.
SELECT CASE %(group_by)s WHEN 'agent' THEN user_id::text
                         WHEN 'team' THEN team_id::text
                         WHEN 'channel' THEN channel END AS group_key,
       count(*)::integer AS asked, count(score)::integer AS rated, avg(score)::double precision AS score,
       count(*) FILTER (WHERE score >= 4)::integer AS good
  FROM rating
 WHERE workspace_id = %(workspace)s
   AND asked_at >= %(since)s
   AND asked_at < %(until)s
 GROUP BY 1;
