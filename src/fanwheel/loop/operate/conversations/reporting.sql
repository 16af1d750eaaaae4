-- How fast people were answered, and how they found it.

-- name: list_response_times
-- By agent, team, channel or the brand's own day (group_by), over rounds opened in a period: how many, answered, late, and the middle and
-- the ninetieth percentile of times, by the clock and in business hours; without a group the whole.
SELECT CASE %(group_by)s WHEN 'agent' THEN coalesce(round.closed_by, round.answered_by)::text
                         WHEN 'team' THEN round.team_id::text
                         WHEN 'channel' THEN round.channel
                         WHEN 'day' THEN (round.opened_at AT TIME ZONE place.time_zone)::date::text END AS group_key,
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
  JOIN workspace AS place USING (workspace_id)
 WHERE round.workspace_id = %(workspace)s
   AND round.opened_at >= %(since)s
   AND round.opened_at < %(until)s
 GROUP BY 1
 ORDER BY CASE WHEN %(group_by)s <> 'day' THEN count(*) END DESC, group_key;

-- name: list_ratings
-- By agent, team, channel or day (group_by), over ratings asked for in a period: how many, given, and their mean.
SELECT CASE %(group_by)s WHEN 'agent' THEN user_id::text
                         WHEN 'team' THEN team_id::text
                         WHEN 'channel' THEN channel
                         WHEN 'day' THEN (asked_at AT TIME ZONE place.time_zone)::date::text END AS group_key,
       count(*)::integer AS asked, count(score)::integer AS rated, avg(score)::double precision AS score,
       count(*) FILTER (WHERE score >= 4)::integer AS good
  FROM rating
  JOIN workspace AS place USING (workspace_id)
 WHERE workspace_id = %(workspace)s
   AND asked_at >= %(since)s
   AND asked_at < %(until)s
 GROUP BY 1;

-- name: list_scores
-- What people answered who were asked how it was, the newest first.
SELECT rating.conversation_id, rating.round, rating.channel, rating.score, rating.rated_at, login.name AS agent_name,
       coalesce(nullif(person.display_name, ''), conversation.name) AS name
  FROM rating
  JOIN conversation USING (workspace_id, conversation_id)
  JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = conversation.home_id
  LEFT JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = identifier.person_id
  LEFT JOIN login ON login.user_id = rating.user_id
 WHERE rating.workspace_id = %(workspace)s
   AND rating.rated_at >= %(since)s
   AND rating.rated_at < %(until)s
 ORDER BY rating.rated_at DESC
 LIMIT %(most)s;
