"""What the walk over all routes must know of some of them."""

OPEN = {
    "POST /api/auth/login",
    "GET /api/auth/setup",
    "POST /api/auth/setup",
    "POST /api/auth/link",
    "POST /api/auth/accept",
}
PAGES = {
    "/api/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/{path:page}",
    # Platforms call back here; each proves who it is in its own way.
    "/hooks/{channel}/{account}",
    # A person's own pages: the link says whose.
    "/u/{token}",
    "/preferences/{token}",
    "/confirm/{token}",
    "/l/{code}",
    "/o/{code}.gif",
    "/media/{workspace}/{name}",
    # The web chat: a visitor is known by a secret of its own.
    "/chat/widget.js",
    "/chat/{path:path}",
    "/chat/{key}",
    "/chat/{key}/visitors",
    "/chat/{key}/messages",
    "/chat/{key}/files",
    "/chat/{key}/files/{media_id}",
    "/chat/{key}/address",
    "/chat/{key}/typing",
}
# Whom the wheel turns for: these must not reach a role that may not see people.
PERSONAL = {
    "identifier",
    "person",
    "person_part",
    "person_score",
    "person_tag",
    "person_layer",
    "tag_log",
    "person_click",
    "link_recipient",
    "list_upload",
    "suppression",
    "conversation",
    "conversation_tag",
    "message",
    "media_use",
    "canned_reply",
    "event",
    "event_rejected",
}
# What these tell by name was named by the workspace itself: sources, keys, campaigns, events.
NAMING = {
    "/api/auto-replies",
    "/api/auto-replies/{rule_id}",
    "/api/lead-forms",
    "/api/menus",
    "/api/menus/{menu_id}",
    "/api/menus/{menu_id}/publications",
    "/api/menus/{menu_id}/taps",
    "/api/menus/{menu_id}/versions",
    "/api/brand",
    "/api/links",
    "/api/links/{link_id}",
    "/api/media",
    "/api/media/{media_id}/uses",
    "/api/template-versions/{version_id}",
    "/api/templates",
    "/api/templates/{template_id}",
    "/api/templates/{template_id}/diff",
    "/api/templates/{template_id}/versions",
    "/api/sources",
    "/api/source-rules",
    "/api/spend",
    "/api/ingest/stats",
    "/api/experiments",
    "/api/experiments/{experiment_id}",
    "/api/measure/attribution",
    "/api/measure/events",
    "/api/measure/geo-tests",
    "/api/measure/paths",
    "/api/measure/verdict",
    "/api/measure/verdict/report",
}
# Questions whose words do not fit into an address, and what is about the session alone.
QUESTIONS = {
    "POST /api/sources/classify",
    "POST /api/broadcasts/{broadcast_id}/check",
    "POST /api/segments/preview",
    "POST /api/segments/preview/trend",
    "POST /api/traits/preview",
    "POST /api/auto-replies/try",
    "POST /api/menus/preview",
    "POST /api/people/export",
}
CHANGING_NOTHING = QUESTIONS | {
    "POST /api/auth/workspace",
    "POST /api/templates/preview",
    "PUT /api/conversations/{conversation_id}/watch",
    "POST /api/inbox/canned/{canned_id}/wording",
    "POST /api/inbox/drafting/check",
    "POST /api/conversations/{conversation_id}/draft",
}

# What is done with a broadcast once it is written.
STEERING = ("test", "submit", "approve", "reject", "launch", "pause", "resume", "cancel", "decide")

# What has the brand's own name for it, and is made where there is none of that name yet.
MADE_BY_NAME = {"PUT /api/products/{product_id}"}
