"""First matching rule wins: from an event's evidence to its source and domain."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from fanwheel.cdp.sources.contracts import Evidence, Match, Rule
from fanwheel.cdp.sources.errors import BadSlugError
from fanwheel.cdp.sources.rules.conditions import compile_test
from fanwheel.cdp.sources.rules.signals import campaign_of, read_signals, tells
from fanwheel.kernel.domain import Domain

CACHE_SIZE: Final = 8192
MAX_SLUG: Final = 64
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_NOT_IN_SLUG: Final = re.compile(r"[^\w.\-/]+")


def clean_slug(text: str) -> str:
    """``text`` as the short name of a source: lower case, odd characters as "-", at most 64 characters.

    Raises
    ------
    BadSlugError
        If nothing is left of it.
    """
    slug = tidy_slug(text)
    if not slug:
        raise BadSlugError(f"“{text[:60]}” cannot name a source.", hint="Use letters and digits, e.g. douyin/cpc.")
    return slug


def tidy_slug(text: str) -> str:
    """``text`` as ``clean_slug`` makes it, or empty where nothing is left."""
    parts = (_NOT_IN_SLUG.sub("-", part).strip("-") for part in text.strip().lower().split("/"))
    return "/".join(part for part in parts if part)[:MAX_SLUG].rstrip("/-")


class Classifier:
    """Tells where events came from; built once per change of rules or sources.

    Parameters
    ----------
    rules
        Tried by position.
    domains
        The registry: each known source's domain by slug. It overrules the domain that a rule names,
        because a source belongs to exactly one domain.
    """

    def __init__(self, rules: Iterable[Rule], domains: Mapping[str, Domain] | None = None) -> None:
        ordered = sorted(rules, key=lambda rule: rule.position)
        self._tests = [(compile_test(rule.conditions), rule) for rule in ordered]
        self._domains = dict(domains or {})
        self._remembered = lru_cache(maxsize=CACHE_SIZE)(self._classify)

    def classify(self, evidence: Evidence) -> Match | None:
        """The match of ``evidence``, or None when it tells nothing about where the event came from."""
        return self._remembered(evidence) if tells(evidence) else None

    def _classify(self, evidence: Evidence) -> Match | None:
        signals = read_signals(evidence)
        found = self._named(evidence) or self._find(signals)
        if found is None or not found[0]:
            return None
        slug, domain, position = found
        clicks = {name[9:]: text for name, text in signals.items() if name.startswith("click_id.")}
        return Match(slug, self._domains.get(slug, domain), campaign_of(evidence), clicks, position)

    def _named(self, evidence: Evidence) -> tuple[str, Domain, int | None] | None:
        """The source of the registry that the event names itself, if it does."""
        for name in (evidence.source, f"link/{evidence.link}" if evidence.link else ""):
            slug = tidy_slug(name)
            if slug in self._domains:
                return slug, self._domains[slug], None
        return None

    def _find(self, signals: Mapping[str, str]) -> tuple[str, Domain, int | None] | None:
        for holds, rule in self._tests:
            if holds(signals):
                return _fill(rule.source_slug, signals), rule.domain, rule.position
        return None


def _fill(template: str, signals: Mapping[str, str]) -> str:
    """The slug of a template such as ``{utm_source}/{utm_medium}``; parts without a value fall away."""
    if "{" not in template:
        return template
    # A value must not add parts of its own, or one source could pass for another.
    filled = _PLACEHOLDER.sub(lambda hole: signals.get(hole[1], "").replace("/", "-"), template)
    return tidy_slug(filled) or "other"
