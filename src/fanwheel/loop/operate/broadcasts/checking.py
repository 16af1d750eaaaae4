"""What is wrong with a broadcast before it goes out, said with a remedy."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.broadcasts import crowds, timing
from fanwheel.loop.operate.broadcasts.contracts import Broadcast, Issue, Route, Severity, Source
from fanwheel.loop.operate.broadcasts.repository import BroadcastRepository

GONE: Final = frozenset({"no_segment", "no_list"})  # with these nobody can be counted


async def list_issues(tx: Transaction, found: Broadcast, *, now: datetime) -> list[Issue]:
    """All that is wrong with a broadcast as it is written; errors keep it from going out."""
    broadcasts = BroadcastRepository(tx)
    accounts = await broadcasts.list_accounts()
    templates = await broadcasts.list_templates(
        [route.template_id for route in found.routes if route.template_id is not None]
    )
    sources = [
        Source(segment_id=found.audience.segment_id, list_id=found.audience.list_id),
        *found.audience.without,
        Source(list_id=found.seed_list_id),
    ]
    return [
        *_audience(found, await crowds.list_missing(tx, sources)),
        *_routes(found, accounts, templates),
        *_schedule(found, now=now),
        *_experiment(found, templates),
        *_holdout(found),
    ]


def _audience(found: Broadcast, missing: list[Row]) -> Iterator[Issue]:
    audience = found.audience
    if audience.segment_id is None and audience.list_id is None:
        yield _issue("audience", "error", "no_audience", "Nobody is chosen.", "Choose a segment or a list.")
    for row in missing:
        if row["kind"] == "list" and row["id"] == found.seed_list_id:
            yield _issue("seeds", "error", "no_list", "The seed list is gone.", "Choose another one.", id=row["id"])
        elif row["kind"] == "list":
            yield _issue("audience", "error", "no_list", "A list is gone.", "Choose another one.", id=row["id"])
        elif row["status"] is None:
            yield _issue("audience", "error", "no_segment", "A segment is gone.", "Choose another one.", id=row["id"])
        else:
            yield _issue(
                "audience",
                "warning",
                "segment_not_live",
                "A segment is not kept up to date now.",
                "Wait until it is built, or start it again.",
                id=row["id"],
                status=row["status"],
            )


def _routes(found: Broadcast, accounts: Mapping[int, Row], templates: Mapping[int, Row]) -> Iterator[Issue]:
    if not found.routes:
        yield _issue("routes", "error", "no_route", "Nothing is said yet.", "Choose a channel, an account, a message.")
    seen: set[tuple[int | None, int | None]] = set()
    for place, route in enumerate(found.routes):
        yield from _account(f"routes.{place}.account", route, accounts)
        yield from _template(f"routes.{place}.template", route, templates)
        if (route.account_id, route.template_id) in seen:
            yield _issue(
                f"routes.{place}",
                "error",
                "same_route",
                "The same is said by the same account twice.",
                "Take one of them out.",
            )
        seen.add((route.account_id, route.template_id))


def _account(where: str, route: Route, accounts: Mapping[int, Row]) -> Iterator[Issue]:
    account = accounts.get(route.account_id or 0)
    if account is None or account["channel"] != route.channel:
        yield _issue(where, "error", "no_account", "No account is chosen, or it is gone.", "Choose an account.")
    elif not account["is_active"]:
        yield _issue(
            where,
            "warning",
            "account_paused",
            "The account is paused: nothing goes out through it.",
            "Let it send again under Settings → Channels.",
            account=account["name"],
        )


def _template(where: str, route: Route, templates: Mapping[int, Row]) -> Iterator[Issue]:
    template = templates.get(route.template_id or 0)
    if template is None or template["channel"] != route.channel:
        yield _issue(where, "error", "no_template", "No template is chosen.", "Choose one of this channel.")
    elif template["published_id"] is None or template["archived_at"] is not None:
        yield _issue(
            where,
            "error",
            "not_published",
            "The template is not published.",
            "Publish it.",
            template=template["name"],
        )
    elif template["is_changed"]:
        yield _issue(
            where,
            "hint",
            "is_changed",
            "The template was changed after it was published; what is published goes out.",
            "Publish it if the changes are meant.",
            template=template["name"],
        )


def _schedule(found: Broadcast, *, now: datetime) -> Iterator[Issue]:
    schedule = found.schedule
    if not timing.is_complete(schedule):
        yield _issue("schedule", "error", "no_time", "No time is chosen.", "Say when it goes out.")
        return
    last = timing.ends_at(schedule, now=now)
    if schedule.kind != "now" and timing.is_over(schedule, now=now):
        yield _issue("schedule", "error", "is_past", "The time has passed.", "Choose a later one.")
    elif timing.is_by_person(schedule) and timing.begins_before(schedule, now=now):
        yield _issue(
            "schedule",
            "warning",
            "zones_passed",
            "In some time zones that time has passed already: whoever lives there is reached at once.",
            "Choose a time at least a day from now to reach everybody at their own time.",
            last_at=last.isoformat(),
        )
    if last - now > timedelta(days=366):
        yield _issue("schedule", "warning", "far_away", "That is more than a year away.", "Look at the date again.")


def _experiment(found: Broadcast, templates: Mapping[int, Row]) -> Iterator[Issue]:
    first = templates.get(found.routes[0].template_id or 0) if found.routes else None
    variants = [] if first is None else first["variants"]
    if found.experiment is None:
        if len(variants) > 1:
            yield _issue(
                "experiment",
                "hint",
                "variants_by_weight",
                "The template has several variants: each is said to its share of the people.",
                "Try them first if the rest is to hear the better one.",
                variants=variants,
            )
        return
    if first is not None and len(variants) < 2:
        yield _issue(
            "experiment",
            "error",
            "one_variant",
            "There is only one variant to try.",
            "Give the first template another variant, and publish it.",
        )
    if found.experiment.otherwise == "hold":
        yield _issue(
            "experiment",
            "hint",
            "may_wait",
            "If no variant wins, the rest waits until somebody decides.",
            "Look at the report then.",
        )


def _holdout(found: Broadcast) -> Iterator[Issue]:
    if found.purpose != "marketing" and found.holdout_share > 0:
        yield _issue(
            "holdout",
            "error",
            "not_marketing",
            "Nobody is kept from messages that are owed.",
            "Set the share to 0, or say that it is marketing.",
        )


def _issue(field: str, severity: Severity, code: str, message: str, remedy: str, **detail: Any) -> Issue:
    return Issue(field, severity, code, message, remedy, detail)
