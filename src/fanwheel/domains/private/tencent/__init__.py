"""What Tencent's platforms have in common: how they sign and encrypt, push, and are called."""

from fanwheel.domains.private.tencent.callbacks import STALE_S, Nonces, timestamp_and_nonce
from fanwheel.domains.private.tencent.calls import Api, Meaning
from fanwheel.domains.private.tencent.crypto import Envelope, Sealed, is_signed, sign
from fanwheel.domains.private.tencent.push import MAX_BYTES, Node, moment, read, write

__all__ = [
    "MAX_BYTES",
    "STALE_S",
    "Api",
    "Envelope",
    "Meaning",
    "Node",
    "Nonces",
    "Sealed",
    "is_signed",
    "moment",
    "read",
    "sign",
    "timestamp_and_nonce",
    "write",
]
