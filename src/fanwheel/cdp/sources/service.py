"""Sources as the rest of the product uses them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from fanwheel.cdp.sources import rules as source_rules
from fanwheel.cdp.sources.contracts import Evidence, Match, Rule, Source
from fanwheel.cdp.sources.errors import BadRuleError, SourceExistsError, SourceNotFoundError
from fanwheel.cdp.sources.repository import SourceRepository
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.domain import Domain
from fanwheel.kernel.ids import SourceId

# utm_source is whatever a visitor's address says, so somebody must stop it from filling the registry.
MAX_SOURCES: Final = 2000
MAX_RULES: Final = 500


async def seed_defaults(tx: Transaction) -> None:
    """Give a new workspace the default rules."""
    await SourceRepository(tx).replace_rules(source_rules.DEFAULT_RULES)


async def load_classifier(tx: Transaction) -> source_rules.Classifier:
    """The classifier of the workspace, from its rules and its registry as they are now."""
    repository = SourceRepository(tx)
    known = {source.slug: source.domain for source in await repository.list_sources()}
    return source_rules.Classifier(await repository.list_rules(), known)


async def ensure_sources(tx: Transaction, matches: Iterable[Match]) -> dict[str, SourceId]:
    """The id of each match's source, which is added when it is new.

    A workspace holds at most 2,000 sources; those that come later share ``other-<domain>``.
    """
    wanted = {match.source_slug: match.domain for match in matches}
    found = await put_sources(tx, wanted)
    return {slug: source.source_id for slug, source in found.items()}


async def put_sources(tx: Transaction, wanted: Mapping[str, Domain]) -> dict[str, Source]:
    """The sources of ``wanted`` (slug and the domain to give it if it is new), by slug."""
    repository = SourceRepository(tx)
    found = await repository.find_sources(wanted)
    missing = sorted(wanted.keys() - found.keys())
    if not missing:
        return found
    room = max(0, MAX_SOURCES - await repository.count_sources())
    alias = {slug: slug for slug in missing[:room]}
    alias |= {slug: f"other-{wanted[slug].label}" for slug in missing[room:]}
    fresh = {name: wanted[slug] for slug, name in alias.items()}
    await repository.add_sources([(name, name, domain) for name, domain in fresh.items()])
    added = await repository.find_sources(fresh)
    return found | {slug: added[name] for slug, name in alias.items()}


async def list_sources(tx: Transaction) -> list[Source]:
    """Every source, by slug."""
    return await SourceRepository(tx).list_sources()


async def add_source(tx: Transaction, *, slug: str, name: str, domain: Domain) -> Source:
    """Add a source by hand.

    Raises
    ------
    SourceExistsError
        If the slug is taken.
    """
    repository, clean = SourceRepository(tx), source_rules.clean_slug(slug)
    if await repository.find_sources([clean]):
        raise SourceExistsError(f"A source “{clean}” exists already.", hint="Change that one instead.")
    await repository.add_sources([(clean, name.strip() or clean, domain)])
    return (await repository.find_sources([clean]))[clean]


async def change_source(tx: Transaction, source_id: int, *, name: str | None, domain: Domain | None) -> Source:
    """Rename a source or move it to another domain; events from then on carry the new domain.

    Raises
    ------
    SourceNotFoundError
        If there is no such source.
    """
    changed = await SourceRepository(tx).change_source(source_id, name=name, domain=domain)
    if changed is None:
        raise SourceNotFoundError(source_id=source_id)
    return changed


async def list_rules(tx: Transaction) -> list[Rule]:
    """Every rule, in the order in which they are tried."""
    return await SourceRepository(tx).list_rules()


async def replace_rules(tx: Transaction, rules: Sequence[Rule]) -> list[Rule]:
    """Put ``rules`` in the place of all rules; they hold for events from then on.

    Raises
    ------
    BadRuleError
        If there are too many rules.
    """
    if len(rules) > MAX_RULES:
        raise BadRuleError(f"A workspace holds at most {MAX_RULES} rules.")
    builtin = {(rule.conditions, rule.source_slug, rule.domain) for rule in source_rules.DEFAULT_RULES}
    marked = [rule._replace(is_builtin=(rule.conditions, rule.source_slug, rule.domain) in builtin) for rule in rules]
    repository = SourceRepository(tx)
    await repository.replace_rules(marked)
    return await repository.list_rules()


async def explain(tx: Transaction, evidence: Evidence) -> Match | None:
    """Where an event with this evidence would come from, by the rules as they are now."""
    return (await load_classifier(tx)).classify(evidence)
