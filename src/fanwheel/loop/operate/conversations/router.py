"""The inbox over HTTP: lists, threads, answers and what else is done with conversations."""

from typing import Annotated, Any, Literal, cast

import msgspec
from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse

from fanwheel.cdp import persons
from fanwheel.cdp.persons import reading as people
from fanwheel.domains.private.channels.accounts.dependencies import OpenerDep
from fanwheel.domains.private.channels.contracts import AnyPart, Text
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page, SettingsDep
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import FanwheelError
from fanwheel.loop.operate.content import media
from fanwheel.loop.operate.conversations import files, listing, live, schemas, searching, service, showing, streaming
from fanwheel.loop.operate.conversations import showing_typing as typing_there
from fanwheel.loop.operate.conversations.errors import NoUserError
from fanwheel.loop.operate.conversations.live import Hub
from fanwheel.loop.operate.conversations.repository import InboxRepository
from fanwheel.loop.operate.conversations.service import LEAVE, Actor, Answer, Change
from fanwheel.loop.operate.conversations.wording import Site

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

Reader = Annotated[Principal, allow("inbox:read")]
Writer = Annotated[Principal, allow("inbox:write")]
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_COUNTED = 1_000
_NEWEST = 2**62


class BadPartsError(FanwheelError):
    """These parts cannot be sent."""


@router.get("")
async def list_conversations(
    db: DatabaseDep,
    principal: Reader,
    view: Literal["mine", "unassigned", "all", "mentioned"] = "all",
    state: schemas.StateName = "open",
    sort: Literal["newest", "waiting", "due"] = "newest",
    account_id: int | None = None,
    channel: str | None = None,
    team_id: int | None = None,
    assignee_id: int | None = None,
    priority: schemas.Priority | None = None,
    tag: str | None = None,
    person_id: int | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[schemas.ConversationItem]:
    """Conversations of a view: mine, nobody's, all, or those in which I am mentioned; or all of one person."""
    async with db.transaction(principal.workspace_id) as tx:
        homes = None
        if person_id is not None:
            homes = await people.list_homes(tx, await persons.get_living(tx, person_id))
        asked = listing.Asked(view, state, sort, account_id, channel, team_id, assignee_id, priority, tag, homes)
        listed = await listing.list_conversations(
            tx, asked, user=principal.user_id, cursor=cursor, limit=limit, now=utc_now()
        )
    items = [schemas.ConversationItem.model_validate(row) for row in listed.rows]
    return Page(items=items, next_cursor=listed.next_cursor)


@router.get("/counts")
async def count_conversations(db: DatabaseDep, principal: Reader) -> schemas.ConversationCounts:
    """How many conversations wait in each view, counted up to a limit."""
    async with db.transaction(principal.workspace_id) as tx:
        counts = await InboxRepository(tx).count_views(user=principal.user_id, most=_COUNTED)
    return schemas.ConversationCounts.model_validate({**counts, "most": _COUNTED})


@router.get("/search")
async def search_messages(
    db: DatabaseDep,
    principal: Reader,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    before_id: int | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> schemas.MessageHits:
    """Messages and notes that hold all that is searched for, the newest first."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await searching.search(tx, q, before_id=before_id, limit=limit)
    return schemas.MessageHits(
        items=[schemas.MessageHit.model_validate(row) for row in found.rows], before_id=found.before_id
    )


@router.get(
    "/stream",
    response_model=schemas.ConversationChanges,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Changes at once, or as events."}},
)
async def stream_changes(request: Request, db: DatabaseDep, principal: Reader, since: int | None = None) -> Any:
    """Changes as server-sent events, for whoever accepts text/event-stream; else those since ``since`` at once.

    A browser that comes back sends ``Last-Event-ID`` and is told what it missed.
    """
    last = request.headers.get("last-event-id", "")
    begin = int(last) if last.isdecimal() and len(last) < 19 else since
    workspace = principal.workspace_id
    if "text/event-stream" not in request.headers.get("accept", ""):
        changes = await live.read_since(db, workspace, begin)
        return schemas.ConversationChanges.model_validate(changes._asdict())
    events = streaming.stream(hub_of(request), db, workspace, since=begin)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


@router.get("/{conversation_id}")
async def get_conversation(
    db: DatabaseDep,
    principal: Reader,
    conversation_id: int,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> schemas.ConversationThread:
    """A conversation with its newest messages, and what the platform allows to be said."""
    async with db.transaction(principal.workspace_id) as tx:
        shown = await showing.show(tx, conversation_id, user=principal.user_id, limit=limit, now=utc_now())
    return schemas.ConversationThread.model_validate(shown)


@router.get("/{conversation_id}/messages")
async def list_messages(
    db: DatabaseDep,
    principal: Reader,
    conversation_id: int,
    before_id: int = _NEWEST,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> schemas.ThreadMessages:
    """Messages before one, oldest first."""
    async with db.transaction(principal.workspace_id) as tx:
        items, has_more = await showing.list_messages(tx, conversation_id, before_id=before_id, limit=limit)
    return schemas.ThreadMessages.model_validate({"items": items, "has_more": has_more})


@router.post("/attachments", status_code=201, openapi_extra=_FILE)
async def add_attachment(
    request: Request,
    db: DatabaseDep,
    settings: SettingsDep,
    principal: Writer,
    name: Annotated[str, Query(max_length=300, description="What the file is called.")] = "",
) -> schemas.Attachment:
    """Take a file in that is to go with an answer: the body is the file, kept as long as the conversation."""
    body = await request.body()
    async with db.transaction(principal.workspace_id) as tx:
        stored = await media.store(tx, settings, body, name=name, actor=principal.actor, is_attachment=True)
        await audit.write(tx, principal, "conversation.attach", str(stored.media_id))
    return schemas.Attachment.model_validate(stored._asdict())


@router.get("/{conversation_id}/files/{media_id}", response_class=FileResponse)
async def get_file(
    db: DatabaseDep, settings: SettingsDep, principal: Reader, conversation_id: int, media_id: int
) -> Response:
    """A file that somebody sent, or was sent, in a conversation."""
    async with db.transaction(principal.workspace_id) as tx:
        item = await media.get_used(tx, await service.find_place(tx, conversation_id), media_id)
        return files.answer(tx, settings, item)


@router.post("/{conversation_id}/replies", status_code=201)
async def reply(
    db: DatabaseDep, settings: SettingsDep, principal: Writer, conversation_id: int, body: schemas.NewReply
) -> schemas.MessageSent:
    """Answer a person. Send an Idempotency-Key, so that an answer that is sent again goes out once."""
    answer = Answer(_parts(body), body.subject, body.template_version_id)
    site = Site(settings.url)
    async with db.transaction(principal.workspace_id) as tx:
        number = await service.reply(tx, conversation_id, answer, actor=_actor(principal), site=site, now=utc_now())
        await audit.write(tx, principal, "conversation.reply", str(conversation_id))
    return schemas.MessageSent(message_id=number)


@router.post("/{conversation_id}/notes", status_code=201)
async def add_note(
    db: DatabaseDep, principal: Writer, conversation_id: int, body: schemas.NewNote
) -> schemas.MessageSent:
    """Write a note that the person never sees, and call colleagues in."""
    async with db.transaction(principal.workspace_id) as tx:
        number = await service.note(
            tx, conversation_id, body.text, mentions=body.mentions, actor=_actor(principal), now=utc_now()
        )
        await audit.write(tx, principal, "conversation.note", str(conversation_id))
    return schemas.MessageSent(message_id=number)


@router.patch("/{conversation_id}")
async def change_conversation(
    db: DatabaseDep, principal: Writer, conversation_id: int, body: schemas.ConversationPatch
) -> schemas.ConversationItem:
    """Give a conversation to somebody or to a team, or change how urgent it is."""
    given = body.model_fields_set
    wanted = Change(*(getattr(body, name) if name in given else LEAVE for name in Change._fields))
    async with db.transaction(principal.workspace_id) as tx:
        await service.change(tx, conversation_id, wanted, actor=_actor(principal), now=utc_now())
        await audit.write(tx, principal, "conversation.change", str(conversation_id))
        return await _item(tx, conversation_id, principal)


@router.post("/{conversation_id}/snooze")
async def snooze(
    db: DatabaseDep, principal: Writer, conversation_id: int, body: schemas.SnoozeUntil
) -> schemas.ConversationItem:
    """Put a conversation away until a moment, or until the person writes."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.snooze(tx, conversation_id, body.until, actor=_actor(principal), now=utc_now())
        await audit.write(tx, principal, "conversation.snooze", str(conversation_id))
        return await _item(tx, conversation_id, principal)


@router.post("/{conversation_id}/close")
async def close(
    db: DatabaseDep, settings: SettingsDep, principal: Writer, conversation_id: int
) -> schemas.ConversationItem:
    """Close a conversation; the person's next word opens it again."""
    site = Site(settings.url)
    async with db.transaction(principal.workspace_id) as tx:
        await service.close(tx, conversation_id, actor=_actor(principal), site=site, now=utc_now())
        await audit.write(tx, principal, "conversation.close", str(conversation_id))
        return await _item(tx, conversation_id, principal)


@router.post("/{conversation_id}/reopen")
async def reopen(db: DatabaseDep, principal: Writer, conversation_id: int) -> schemas.ConversationItem:
    """Open a conversation that is closed or snoozed."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.reopen(tx, conversation_id, actor=_actor(principal), now=utc_now())
        await audit.write(tx, principal, "conversation.reopen", str(conversation_id))
        return await _item(tx, conversation_id, principal)


@router.post("/{conversation_id}/tags")
async def change_tags(
    db: DatabaseDep, principal: Writer, conversation_id: int, body: schemas.ConversationTagsChange
) -> schemas.ConversationItem:
    """Put tags on a conversation and take others off."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.change_tags(tx, conversation_id, add=body.add, remove=body.remove)
        await audit.write(tx, principal, "conversation.tag", str(conversation_id))
        return await _item(tx, conversation_id, principal)


@router.put("/{conversation_id}/watch", status_code=204)
async def watch(
    db: DatabaseDep,
    opener: OpenerDep,
    later: BackgroundTasks,
    principal: Writer,
    conversation_id: int,
    body: schemas.Watching,
) -> Response:
    """Say that I look at a conversation (again every 30 seconds), have read up to a message, and type or not."""
    if principal.user_id is None:
        raise NoUserError(hint="Sign in as a user for that.")
    async with db.transaction(principal.workspace_id) as tx:
        await service.watch(
            tx,
            conversation_id,
            user=principal.user_id,
            seen=body.seen_message_id,
            is_looking=body.is_looking,
            is_typing=body.is_typing,
            now=utc_now(),
        )
        shown = await typing_there.find(tx, conversation_id) if body.is_typing else None
    if shown is not None:
        later.add_task(typing_there.show, opener, principal.workspace_id, shown)
    return Response(status_code=204)


@router.put("/{conversation_id}/owner", status_code=204)
async def put_owner(db: DatabaseDep, principal: Writer, conversation_id: int, body: schemas.FanOwner) -> Response:
    """Say who looks after the fan behind a conversation."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.own(tx, conversation_id, body.user_id)
        await audit.write(tx, principal, "conversation.own", str(conversation_id))
    return Response(status_code=204)


def hub_of(request: Request) -> Hub:
    """The process's listener, made when it is first asked for."""
    state = request.app.state
    if getattr(state, "inbox_hub", None) is None:
        state.inbox_hub = Hub(cast(Database, state.database))
    return cast(Hub, state.inbox_hub)


async def _item(tx: Transaction, conversation_id: int, principal: Principal) -> schemas.ConversationItem:
    [row] = await listing.describe(tx, [conversation_id], user=principal.user_id, now=utc_now())
    return schemas.ConversationItem.model_validate(row)


def _actor(principal: Principal) -> Actor:
    return Actor(principal.actor, principal.user_id)


def _parts(body: schemas.NewReply) -> list[AnyPart]:
    try:
        parts: list[AnyPart] = msgspec.convert(body.parts, type=list[AnyPart])
    except msgspec.ValidationError as error:
        raise BadPartsError(
            f"These parts cannot be sent: {error}.", hint="See docs/how-to/answer-in-the-inbox.md."
        ) from None
    return [Text(body.text), *parts] if body.text else parts
