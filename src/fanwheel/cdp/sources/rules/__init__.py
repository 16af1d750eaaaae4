"""Which source an event came from: computed, without input or output."""

from fanwheel.cdp.sources.rules.classifier import Classifier, clean_slug, tidy_slug
from fanwheel.cdp.sources.rules.conditions import parse_conditions, to_json
from fanwheel.cdp.sources.rules.defaults import DEFAULT_RULES
from fanwheel.cdp.sources.rules.reading import campaign_name, click_ids_of, read_evidence

__all__ = [
    "DEFAULT_RULES",
    "Classifier",
    "campaign_name",
    "clean_slug",
    "click_ids_of",
    "parse_conditions",
    "read_evidence",
    "tidy_slug",
    "to_json",
]
