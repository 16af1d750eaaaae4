"""Referral: who brought whom."""

from fanwheel.loop.share.referral.contracts import Acceptance
from fanwheel.loop.share.referral.errors import InviteRefusedError
from fanwheel.loop.share.referral.rules import accept, share
from fanwheel.loop.share.referral.service import apply

__all__ = ["Acceptance", "InviteRefusedError", "accept", "apply", "share"]
