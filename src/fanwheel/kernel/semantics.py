"""Names of events that several packages must read alike."""

from typing import Final

# What the brand did, or a mail client by itself. None of them brought anybody anywhere, so none is a touch;
# a message whose link is clicked is.
NO_TOUCH: Final = frozenset({"Message Sent", "Message Delivered", "Message Opened"})
