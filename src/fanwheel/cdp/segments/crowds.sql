-- Who is in segments, by chunks of ids.

-- name: list_same_chunks
-- The chunks of some segments that have some numbers.
SELECT segment_id, chunk, members
  FROM segment_bitmap
 WHERE workspace_id = %(workspace)s
   AND segment_id = ANY (%(segments)s::integer[])
   AND chunk = ANY (%(chunks)s::integer[])
   AND size > 0;

-- name: list_movements
-- Of each segment, how many more are in it than at an instant.
SELECT segment.segment_id, moved.change
  FROM segment
 CROSS JOIN LATERAL (SELECT coalesce(sum(CASE WHEN is_entry THEN 1 ELSE -1 END), 0)::bigint AS change
                       FROM segment_change AS change
                      WHERE change.workspace_id = %(workspace)s
                        AND change.segment_id = segment.segment_id
                        AND change.changed_at >= %(since)s) AS moved
 WHERE segment.workspace_id = %(workspace)s
   AND segment.purpose = 'segment';
