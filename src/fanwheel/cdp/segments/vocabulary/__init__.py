"""The words of a workspace: what there is to choose from when a rule is written."""

from fanwheel.cdp.segments.vocabulary.contracts import Defined, Event, Known, Layer, Words
from fanwheel.cdp.segments.vocabulary.service import Vocabulary, list_defined

__all__ = ["Defined", "Event", "Known", "Layer", "Vocabulary", "Words", "list_defined"]
