"""Recognition: platforms are asked once who newcomers are, so that one person on two accounts becomes one."""

from fanwheel.loop.operate.recognition.contracts import Newcomer
from fanwheel.loop.operate.recognition.recognizer import Recognizer
from fanwheel.loop.operate.recognition.repository import TOPIC
from fanwheel.loop.operate.recognition.service import ask

__all__ = ["TOPIC", "Newcomer", "Recognizer", "ask"]
