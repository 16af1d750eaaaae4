"""Sources and their rules over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.cdp.sources import schemas, service
from fanwheel.cdp.sources.contracts import Evidence, Rule, Source
from fanwheel.cdp.sources.errors import BadRuleError
from fanwheel.cdp.sources.rules import clean_slug, parse_conditions, to_json
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.domain import Domain

router = APIRouter(prefix="/api", tags=["sources"])

_Reader = Annotated[Principal, allow("sources:read")]
_Writer = Annotated[Principal, allow("sources:write")]


@router.get("/sources")
async def list_sources(principal: _Reader, database: DatabaseDep) -> schemas.SourcesOut:
    """Every source, by slug."""
    async with database.transaction(principal.workspace_id) as tx:
        return schemas.SourcesOut(items=[_source_out(source) for source in await service.list_sources(tx)])


@router.post("/sources", status_code=201)
async def add_source(body: schemas.SourceIn, principal: _Writer, database: DatabaseDep) -> schemas.SourceOut:
    """Add a source by hand."""
    async with database.transaction(principal.workspace_id) as tx:
        source = await service.add_source(tx, slug=body.slug, name=body.name, domain=Domain.of(body.domain))
        await audit.write(tx, principal, "source.create", f"source:{source.source_id}", body.model_dump())
    return _source_out(source)


@router.patch("/sources/{source_id}")
async def change_source(
    source_id: int, body: schemas.SourceChange, principal: _Writer, database: DatabaseDep
) -> schemas.SourceOut:
    """Rename a source or move it to another domain; events from then on carry the new domain."""
    domain = None if body.domain is None else Domain.of(body.domain)
    async with database.transaction(principal.workspace_id) as tx:
        source = await service.change_source(tx, source_id, name=body.name, domain=domain)
        changed = body.model_dump(exclude_none=True)
        await audit.write(tx, principal, "source.change", f"source:{source_id}", changed)
    return _source_out(source)


@router.get("/source-rules")
async def list_rules(principal: _Reader, database: DatabaseDep) -> schemas.RulesOut:
    """Every rule, in the order in which they are tried; the first match wins."""
    async with database.transaction(principal.workspace_id) as tx:
        return schemas.RulesOut(items=[_rule_out(rule) for rule in await service.list_rules(tx)])


@router.put("/source-rules")
async def replace_rules(body: schemas.RulesIn, principal: _Writer, database: DatabaseDep) -> schemas.RulesOut:
    """Put these rules in the place of all rules; they hold for events from then on."""
    rules = [_rule(number, item) for number, item in enumerate(body.items, start=1)]
    async with database.transaction(principal.workspace_id) as tx:
        stored = await service.replace_rules(tx, rules)
        await audit.write(tx, principal, "source_rules.change", None, {"count": len(stored)})
    return schemas.RulesOut(items=[_rule_out(rule) for rule in stored])


@router.post("/sources/classify")
async def classify(body: schemas.EvidenceBody, principal: _Reader, database: DatabaseDep) -> schemas.MatchOut:
    """Try the rules on an address, a referrer, a campaign or properties; nothing is stored."""
    async with database.transaction(principal.workspace_id) as tx:
        match = await service.explain(tx, _evidence(body))
    if match is None:
        return schemas.MatchOut(source_slug=None, domain=None, rule_position=None)
    return schemas.MatchOut.model_validate(
        {
            "source_slug": match.source_slug,
            "domain": match.domain.label,
            "rule_position": match.rule_position,
            "campaign": match.campaign,
            "click_ids": dict(match.click_ids),
        }
    )


def _evidence(body: schemas.EvidenceBody) -> Evidence:
    channel, source, link = (str(body.properties.get(name) or "") for name in ("channel", "source", "link"))
    utm = body.campaign
    return Evidence(
        body.url,
        body.referrer,
        *(utm.source, utm.medium, utm.name, utm.term, utm.content),
        channel=channel,
        source=source,
        link=link,
    )


def _rule(number: int, item: schemas.RuleIn) -> Rule:
    """A checked rule; a fixed slug is cleaned, an empty one says that the event came from nowhere."""
    try:
        conditions = parse_conditions([condition.model_dump() for condition in item.conditions])
    except BadRuleError as error:
        raise BadRuleError(f"Rule {number}: {error.message}", hint=error.hint) from error
    slug = item.source_slug.strip()
    fixed = slug if not slug or "{" in slug else clean_slug(slug)
    return Rule(number * 10, conditions, fixed, Domain.of(item.domain))


def _source_out(source: Source) -> schemas.SourceOut:
    return schemas.SourceOut.model_validate(
        {"id": source.source_id, "slug": source.slug, "name": source.name, "domain": source.domain.label}
    )


def _rule_out(rule: Rule) -> schemas.RuleOut:
    return schemas.RuleOut.model_validate(
        {
            "position": rule.position,
            "conditions": to_json(rule.conditions),
            "source_slug": rule.source_slug,
            "domain": rule.domain.label,
            "is_builtin": rule.is_builtin,
        }
    )
