"""The words of a workspace: what there is to choose from when a rule is written."""

from fanwheel.cdp.segments.vocabulary.contracts import Defined, Event, Known, KnownTrait, Layer, Words
from fanwheel.cdp.segments.vocabulary.declared import describe
from fanwheel.cdp.segments.vocabulary.service import Vocabulary, list_defined

__all__ = ["Defined", "Event", "Known", "KnownTrait", "Layer", "Vocabulary", "Words", "describe", "list_defined"]
