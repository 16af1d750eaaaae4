-- name: campaigns
-- engine: DuckDB, Spark
-- grain: one row per person, source, campaign ('': none is named) and instant at which it stood before the person, or would have
-- time zone: none
-- As exposures, with the campaign that the event names.
SELECT DISTINCT coalesce(person_map.person_id, event.home_id) AS person_id, event.source_id, event.occurred_at,
       trim(coalesce(@json_text(@json_text(event.context, 'campaign'), 'name'),
                     @json_text(event.properties, 'campaign'),
                     @json_text(event.properties, 'utm_campaign'), '')) AS campaign,
       event.kind = 7 AS is_ghost
  FROM event
  LEFT JOIN person_map ON person_map.home_id = event.home_id
 WHERE event.source_id <> 0
   AND event.name NOT IN (SELECT name FROM own_deed)
