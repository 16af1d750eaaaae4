"""What each route takes, so that only who asks can be the reason to refuse."""

from tests.support import rows
from tests.support.house import PASSWORD, Browser

# Bodies that a route takes for good, so that only the id in its path can be the reason to refuse.
NO_WORDS = {"variants": [{"key": "A", "wordings": {"zh-CN": {"parts": []}}}]}
SAID = {"variants": [{"key": "A", "wordings": {"zh-CN": {"parts": [{"type": "text", "text": "Hi"}]}}}]}
A_RULE = {"trigger": {"kind": "otherwise"}, "actions": [{"do": "text", "text": "new"}]}
A_FORM = {"fields": [{"key": "name", "ask": "Your name?"}]}
A_MENU = {"items": [{"id": "a", "label": "New", "text": "new"}]}


def every_rule(browser: Browser) -> dict[str, list[int]]:
    """The rules in the order in which they are: it must name each, and how many there are is for who asks to see."""
    found = browser.ask("GET", "/api/auto-replies").json()["items"]
    return {"rule_ids": [rule["rule_id"] for rule in found]}


BODIES = {
    "PATCH /api/templates/{template_id}": {"name": "Ours", "content": SAID},
    "PATCH /api/media/{media_id}": {"name": "Ours"},
    "PATCH /api/links/{link_id}": {"name": "Ours"},
    "PATCH /api/members/{user_id}": {"role": "viewer"},
    "POST /api/people/{person_id}/merge": {"person_id": rows.NUMBER},
    "POST /api/people/{person_id}/unmerge": {"home_ids": [rows.NUMBER]},
    "POST /api/people/{person_id}/tags": {"add": ["ours"], "remove": []},
    "PATCH /api/sources/{source_id}": {"name": "Ours"},
    "PATCH /api/segments/{segment_id}": {"name": "Ours"},
    "PATCH /api/measure/geo-tests/{geo_test_id}": {"note": "ours"},
    "POST /api/segments/{segment_id}/schedules": {"every": "day", "hour": 3},
    "PUT /api/people/{person_id}/traits": {"city": "ours"},
    "PATCH /api/traits/{name}": {"label": "Ours"},
    "PATCH /api/tags/{tag}": {"label": "Ours"},
    "POST /api/tags/{tag}/rename": {"to": "theirs-marker"},
    "PATCH /api/tags/groups/{group_id}": {"name": "Ours"},
    "PUT /api/layers/{key}": {
        "name": "Ours",
        "classes": [{"key": "a", "name": "A", "rule": {"version": 1, "condition": {"type": "tag", "tag": "vip"}}}],
    },
    "PATCH /api/lists/{list_id}": {"name": "Ours"},
    "POST /api/suppressions/{suppression_id}/lift": {"why": "ours"},
    "POST /api/people/{person_id}/consents": {"channel": "email", "is_granted": True, "evidence": "ours"},
    "POST /api/conversations/{conversation_id}/replies": {"text": "Ours"},
    "POST /api/conversations/{conversation_id}/notes": {"text": "Ours"},
    "POST /api/conversations/{conversation_id}/snooze": {"until": "2999-01-01T00:00:00Z"},
    "PUT /api/conversations/{conversation_id}/owner": {"user_id": None},
    "PUT /api/inbox/teams/{team_id}": {"name": "Ours"},
    "PUT /api/inbox/canned/{canned_id}": {"shortcut": "ours", "title": "Ours", "body": "Ours"},
    "POST /api/inbox/canned/{canned_id}/wording": {"conversation_id": rows.NUMBER},
    "PATCH /api/channels/accounts/{account_id}": {"name": "Ours"},
    "PATCH /api/auto-replies/{rule_id}": {"name": "Ours"},
    "PUT /api/lead-forms/{form_id}": {"name": "Ours", "definition": A_FORM},
    "PATCH /api/menus/{menu_id}": {"name": "Ours"},
    "POST /api/menus/{menu_id}/publish": {"account_id": rows.NUMBER, "version": 1},
    "PATCH /api/webhooks/{webhook_id}": {"description": "Ours"},
    "PATCH /api/reach/senders/{account_id}": {"at_once": 5},
    "PUT /api/reach/prices": {"items": []},
    "PATCH /api/reach/allowances/{allowance_id}": {"most": 5},
    "PATCH /api/broadcasts/{broadcast_id}": {"version": rows.NUMBER, "name": "Ours"},
    "POST /api/broadcasts/{broadcast_id}/duplicate": {},
    "POST /api/broadcasts/{broadcast_id}/test": {"person_ids": [rows.NUMBER]},
    "POST /api/broadcasts/{broadcast_id}/submit": {"version": rows.NUMBER},
    "POST /api/broadcasts/{broadcast_id}/approve": {"version": rows.NUMBER},
    "POST /api/broadcasts/{broadcast_id}/reject": {"version": rows.NUMBER},
    "POST /api/broadcasts/{broadcast_id}/launch": {},
    "POST /api/broadcasts/{broadcast_id}/decide": {"variant": "A"},
    "POST /api/lists/{list_id}/members": {"add": [rows.NUMBER]},
    "POST /api/lists/{list_id}/uploads": b"user_id\nours\n",
    "POST /api/auth/workspace": {"workspace_id": 2_000_000_000},
}
WHOLE_BODIES = BODIES | {
    "PATCH /api/auth/me": {"name": "Ana"},
    "POST /api/auth/password": {"current": PASSWORD, "new": "a phrase of her own"},
    "PATCH /api/workspace": {"name": "Renamed"},
    "POST /api/workspaces": {"name": "Another"},
    "PUT /api/currency-rates": {"items": []},
    "POST /api/auto-replies": {"name": "New", "definition": A_RULE},
    "PUT /api/auto-replies/order": every_rule,
    "PUT /api/auto-replies/brakes/limits": {},
    "POST /api/lead-forms": {"name": "New", "definition": A_FORM},
    "POST /api/menus": {"name": "New", "definition": A_MENU},
    "POST /api/menus/preview": {"definition": A_MENU},
    "PUT /api/business-hours": {},
    "POST /api/members": {"email": "new@brand.example", "role": "viewer"},
    "POST /api/keys": {"kind": "write", "name": "New"},
    "POST /api/segments/preview": {"rule": {"version": 1, "condition": {"type": "tag", "tag": "vip"}}},
    "POST /api/segments/preview/trend": {"rule": {"version": 1, "condition": {"type": "tag", "tag": "vip"}}},
    "POST /api/traits/preview": {"formula": {"of": "count", "event": {"name": "Bought"}}},
    "POST /api/segments": {"name": "New", "rule": {"version": 1, "condition": {"type": "tag", "tag": "vip"}}},
    "POST /api/traits": {"name": "new", "type": "text"},
    "POST /api/traits/import": b"user_id,city\nours,Ours\n",
    "POST /api/people/bulk": {"choose": {"ids": [rows.NUMBER]}, "do": {"what": "tag", "tags": ["new"]}},
    "POST /api/tags": {"tag": "new"},
    "POST /api/tags/groups": {"name": "New"},
    "POST /api/layers": {
        "key": "new",
        "name": "New",
        "classes": [{"key": "a", "name": "A", "rule": {"version": 1, "condition": {"type": "tag", "tag": "vip"}}}],
    },
    "POST /api/lists": {"name": "New"},
    "POST /api/broadcasts": {"name": "New"},
    "PUT /api/broadcasts/settings": {"approval_above": 5},
    "PUT /api/retention": {"items": [{"kind": "visits", "days": 400}]},
    "POST /api/suppressions": {"kind": "email", "address": "new@brand.example"},
    "POST /api/suppressions/import": b"new@brand.example\n",
    "POST /api/consents/import": b"email\nnew@brand.example\n",
    "POST /api/opt-ins": {"email": "new@brand.example", "evidence": {"form": "new"}},
    "POST /api/templates": {"channel": "telegram", "name": "New"},
    "POST /api/templates/preview": {"channel": "telegram", "content": NO_WORDS},
    "POST /api/media": b"GIF89a\x01\x00\x01\x00" + bytes(10),
    "POST /api/media/fetch": {"url": "http://127.0.0.1:1/x.png"},
    "POST /api/links": {"url": "https://new.example/"},
    "PUT /api/brand": {"name": "New"},
    "POST /api/conversations/attachments": b"GIF89a\x01\x00\x01\x00" + bytes(10),
    "POST /api/inbox/teams": {"name": "New"},
    "PUT /api/inbox/routes": {"items": []},
    "PUT /api/inbox/policies": {"items": []},
    "PUT /api/inbox/away": {"is_away": True},
    "PUT /api/inbox/drafting": {"base_url": "https://api.example.com/v1", "model": "any", "key": "new"},
    "POST /api/inbox/canned": {"shortcut": "new", "title": "New", "body": "New"},
    "POST /api/experiments": {"name": "New", "segment_id": rows.NUMBER},
    "POST /api/channels/accounts": {
        "channel": "webhook",
        "name": "New",
        "values": {"target_url": "https://new.example/"},
    },
    "POST /api/webhooks": {"url": "https://new.example/hook"},
    "POST /api/sources": {"slug": "new", "name": "New", "domain": "public"},
    "PUT /api/source-rules": {"items": []},
    "POST /api/measure/geo-tests": {
        "source": "theirs-marker",
        "trait": "theirs-marker",
        "regions": ["theirs-marker"],
        "started_on": "2026-06-01",
        "ended_on": "2026-06-14",
    },
    "POST /api/spend": {
        "items": [{"source": "new", "domain": "commercial", "spent_on": "2026-03-01", "amount": 1, "currency": "USD"}]
    },
}
