"""A single word that refuses further texts, or asks for them again."""

from fanwheel.domains.private.channels.contracts import AnyHappening, Followed, Message, Unfollowed
from fanwheel.domains.private.sms.wording import reads_as


def opted(message: Message, text: str) -> list[AnyHappening]:
    """What the word stands for, beside the message itself; nothing for any other text."""
    meaning = reads_as(text)
    word = {"word": text[:40]}
    if meaning == "stop":
        return [Unfollowed(key=f"{message.key}:stop", at=message.at, sender=message.sender, context=word)]
    if meaning == "start":
        return [Followed(key=f"{message.key}:start", at=message.at, sender=message.sender, context=word)]
    return []
