-- name: campaigns
-- engine: DuckDB, Spark
-- grain: one row per person, source, campaign ('': none is named) and instant at which the source stood before the person
-- time zone: none
-- As exposures, without those that a holdout kept from happening, and with the campaign that the event names.
SELECT DISTINCT coalesce(person_map.person_id, event.home_id) AS person_id, event.source_id, event.occurred_at,
       trim(coalesce(@json_text(@json_text(event.context, 'campaign'), 'name'),
                     @json_text(event.properties, 'campaign'),
                     @json_text(event.properties, 'utm_campaign'), '')) AS campaign
  FROM event
  LEFT JOIN person_map ON person_map.home_id = event.home_id
 WHERE event.source_id <> 0
   AND event.kind <> 7
   AND event.name NOT IN ('Holdout Assigned', 'Channel Joined', 'Channel Left', 'Consent Granted',
                          'Consent Withdrawn', 'Message Received', 'Comment Posted', 'Form Submitted',
                          'Lead Submitted', 'Invite Sent', 'Content Shared', 'Checkout Started',
                          'Coupon Applied', 'Order Completed', 'Order Updated', 'Order Cancelled',
                          'Order Refunded')
