"""Content: what is written once and said to many, in templates with versions that never change."""

from fanwheel.loop.operate.content.contracts import Recipient, Refusal, Worded
from fanwheel.loop.operate.content.rendering import fill, render

__all__ = ["Recipient", "Refusal", "Worded", "fill", "render"]
