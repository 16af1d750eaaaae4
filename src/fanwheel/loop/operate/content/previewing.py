"""What a template would say, before it is published: to one person, or to nobody in particular."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels.contracts import AnyPart, Email
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.content import compiling, rendering, service, variables
from fanwheel.loop.operate.content.checking import Issue
from fanwheel.loop.operate.content.contracts import Recipient
from fanwheel.loop.operate.content.errors import BadContentError, BadLiquidError
from fanwheel.loop.operate.content.repository import TemplateRepository
from fanwheel.loop.operate.content.writing import Content

_SAMPLED: Final = 50


class Preview(NamedTuple):
    """What would be said, and what is wrong with it; ``refusal`` says why nothing would be."""

    parts: tuple[AnyPart, ...]
    variant: str
    language: str
    refusal: str | None
    detail: Mapping[str, Any]
    issues: list[Issue]
    size_bytes: int


class Asked(NamedTuple):
    """What is looked at: a variant and a language, and as whom."""

    variant: str = ""
    language: str = ""
    person_id: int | None = None
    given: Mapping[str, Any] = {}


async def preview(tx: Transaction, content: Content, channel: str, asked: Asked, *, site_url: str) -> Preview:
    """What a template would say; one that cannot be read says nothing, and its issues tell where it is broken."""
    issues = await service.check(tx, content, channel)
    try:
        version = rendering.prepare(0, channel, compiling.compile_content(content, title=""))
    except (BadContentError, BadLiquidError) as error:
        broken = {"message": error.message}
        return Preview((), asked.variant, asked.language, "unreadable", broken, issues, 0)
    templates = TemplateRepository(tx)
    samples = variables.samples(content)
    row = None
    if asked.person_id is not None:
        row = (await templates.list_people([asked.person_id])).get(asked.person_id)
    recipient = Recipient(
        key="",
        person_id=asked.person_id or 0,
        variables={**samples, **asked.given},
        variant=asked.variant,
        language=asked.language,
        unsubscribe_url="#unsubscribe",
        preferences_url="#preferences",
    )
    brand = variables.brand_of(await templates.get_brand())
    worded = rendering.finish(rendering.word(version, recipient, row, brand, site_url=site_url))
    size = sum(len(part.html.encode()) for part in worded.parts if isinstance(part, Email))
    return Preview(worded.parts, worded.variant, worded.language, worded.refusal, worded.detail, issues, size)
