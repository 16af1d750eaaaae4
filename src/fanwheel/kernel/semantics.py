"""Names of events that several packages must read alike."""

from typing import Final

# What the brand did, or a mail client by itself. None of them brought anybody anywhere, so none is a touch;
# a message whose link is clicked is.
NO_TOUCH: Final = frozenset({"Message Sent", "Message Delivered", "Message Opened"})

# What did not happen to a person, and that it was not to: kept for experiments, and in no touch, stage or flow. Such
# events are stored as a kind of their own, so that readers tell them apart without looking into properties.
HELD_OUT_KIND: Final = 7
HOLDOUT_ASSIGNED: Final = "Holdout Assigned"
HELD_OUT: Final = frozenset({HOLDOUT_ASSIGNED, "Message Held Out", "Ad Held Out"})

# What people do on a channel of their own accord, and what is only said of them. None of it means that the channel
# stood before them: those who are held out do it too.
OWN_DEEDS: Final = frozenset(
    {
        HOLDOUT_ASSIGNED,
        "Channel Joined",
        "Channel Left",
        "Consent Granted",
        "Consent Withdrawn",
        "Message Received",
        "Menu Tapped",
        "Button Tapped",
        "Conversation Opened",
        "Group Joined",
        "Group Left",
        "Comment Posted",
        "Form Submitted",
        "Lead Submitted",
        "Invite Sent",
        "Content Shared",
        "Checkout Started",
        "Coupon Applied",
        "Order Completed",
        "Order Updated",
        "Order Cancelled",
        "Order Refunded",
    }
)
