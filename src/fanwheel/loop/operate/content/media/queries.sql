-- The library of media; every statement in one workspace.

-- name: list_media
-- Files, or one, newest first.
SELECT media_id, digest, extension, content_type, kind, name, alt, folder, size_bytes, width, height, created_at,
       created_by
  FROM media_file
 WHERE workspace_id = %(workspace)s
   AND (%(media_id)s::bigint IS NULL OR media_id = %(media_id)s)
   AND (%(kind)s::text IS NULL OR kind = %(kind)s)
   AND (%(q)s::text IS NULL OR strpos(lower(name), lower(%(q)s)) > 0)
   AND (%(before)s::bigint IS NULL OR media_id < %(before)s)
 ORDER BY media_id DESC
 LIMIT %(most)s;

-- name: find_by_digest
-- The number of the file that holds the same.
SELECT media_id FROM media_file WHERE workspace_id = %(workspace)s AND digest = %(digest)s;

-- name: add_media
-- The number of a new file, or none where there is one that holds the same.
INSERT INTO media_file (workspace_id, digest, extension, content_type, kind, name, size_bytes, width, height, created_by,
                        is_attachment)
VALUES (%(workspace)s, %(digest)s, %(extension)s, %(content_type)s, %(kind)s, %(name)s, %(size_bytes)s, %(width)s,
        %(height)s, %(actor)s, %(is_attachment)s)
    ON CONFLICT (workspace_id, digest) DO NOTHING
RETURNING media_id;

-- name: put_in_library
-- Lets a file that had come with an answer be the brand's own.
UPDATE media_file SET is_attachment = false WHERE workspace_id = %(workspace)s AND media_id = %(media_id)s AND is_attachment;

-- name: add_recipient
-- Notes to whom attachments went; what is of the library is nobody's.
INSERT INTO media_recipient (workspace_id, media_id, home_id)
SELECT workspace_id, media_id, %(home_id)s
  FROM media_file
 WHERE workspace_id = %(workspace)s
   AND media_id = ANY (%(media)s::bigint[])
   AND is_attachment
    ON CONFLICT DO NOTHING;

-- name: take_erased
-- Files that are to leave the disk, once each; nobody else takes them off meanwhile.
SELECT erasure_id, media
  FROM erasure
 WHERE workspace_id = %(workspace)s
   AND media <> '{}'
 ORDER BY erasure_id
   FOR UPDATE SKIP LOCKED;

-- name: list_present
-- Which of some files the library has, perhaps again.
SELECT digest || '.' || extension AS name
  FROM media_file
 WHERE workspace_id = %(workspace)s
   AND digest || '.' || extension = ANY (%(names)s::text[]);

-- name: note_erased
-- Notes that the files of an erasure have left the disk.
UPDATE erasure SET media = '{}' WHERE workspace_id = %(workspace)s AND erasure_id = %(erasure_id)s;

-- name: change_media
-- Writes name, alternative text and folder; what is null stays.
UPDATE media_file
   SET name = coalesce(%(name)s::text, name),
       alt = coalesce(%(alt)s::text, alt),
       folder = coalesce(%(folder)s::text, folder)
 WHERE workspace_id = %(workspace)s
   AND media_id = %(media_id)s;

-- name: delete_media
-- Takes a file out of the library.
DELETE FROM media_file WHERE workspace_id = %(workspace)s AND media_id = %(media_id)s;

-- name: list_uses
-- Templates that show a file: in their draft, or in the version that is said.
SELECT template.template_id, template.name,
       coalesce(strpos(version.content::text, %(digest)s) > 0, false) AS is_published
  FROM template
  LEFT JOIN template_version AS version
         ON version.workspace_id = %(workspace)s AND version.version_id = template.published_id
 WHERE template.workspace_id = %(workspace)s
   AND (strpos(template.draft::text, %(digest)s) > 0
        OR strpos(version.content::text, %(digest)s) > 0
        OR template.draft @@ format('$.** ? (@.media_id == %%s)', %(media_id)s::bigint)::jsonpath)
 ORDER BY template.template_id;
