"""Where people come from: the registry of sources, and the rules that tell them."""

from fanwheel.cdp.sources.contracts import Condition, Evidence, Match, Rule, Source
from fanwheel.cdp.sources.errors import BadRuleError, BadSlugError, SourceExistsError, SourceNotFoundError
from fanwheel.cdp.sources.rules import (
    DEFAULT_RULES,
    Classifier,
    campaign_name,
    clean_slug,
    click_ids_of,
    parse_conditions,
    read_evidence,
    tidy_slug,
    to_json,
)
from fanwheel.cdp.sources.service import (
    add_source,
    change_source,
    ensure_sources,
    explain,
    list_rules,
    list_sources,
    load_classifier,
    put_sources,
    replace_rules,
    seed_defaults,
)
from fanwheel.infra.workspaces import on_workspace_created

__all__ = [
    "DEFAULT_RULES",
    "BadRuleError",
    "BadSlugError",
    "Classifier",
    "Condition",
    "Evidence",
    "Match",
    "Rule",
    "Source",
    "SourceExistsError",
    "SourceNotFoundError",
    "add_source",
    "campaign_name",
    "change_source",
    "clean_slug",
    "click_ids_of",
    "ensure_sources",
    "explain",
    "list_rules",
    "list_sources",
    "load_classifier",
    "parse_conditions",
    "put_sources",
    "read_evidence",
    "replace_rules",
    "seed_defaults",
    "tidy_slug",
    "to_json",
]

# Every new workspace begins with the default rules.
on_workspace_created.append(seed_defaults)
