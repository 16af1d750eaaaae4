"""The words of a workspace: what there is to choose from when a rule is written."""

from fanwheel.cdp.segments.vocabulary.contracts import Event, Known, Layer, Words
from fanwheel.cdp.segments.vocabulary.service import Vocabulary

__all__ = ["Event", "Known", "Layer", "Vocabulary", "Words"]
