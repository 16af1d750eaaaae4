"""Referral: who brought whom."""

from fanwheel.loop.share.referral.contracts import Acceptance, Sent
from fanwheel.loop.share.referral.errors import InviteRefusedError
from fanwheel.loop.share.referral.rules import accept, send, share
from fanwheel.loop.share.referral.service import apply

__all__ = ["Acceptance", "InviteRefusedError", "Sent", "accept", "apply", "send", "share"]
