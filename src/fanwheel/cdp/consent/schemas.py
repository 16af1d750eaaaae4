"""What the routes of consent and suppression take and answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from fanwheel.cdp.consent.contracts import Reason

AddressKind = Literal["email", "phone"]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=512)]
# A channel's or a purpose's name; empty: all of them.
Scope = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^(\w{1,64})?$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class NewSuppression(BaseModel):
    """An address that is to be written to no more; empty channel or purpose: for all of them."""

    kind: AddressKind
    address: Address
    channel: Scope = ""
    purpose: Scope = ""
    note: Note = ""


class LiftSuppression(BaseModel):
    """Why an address may be written to again."""

    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class SuppressedAddress(BaseModel):
    """A suppressed address; only its hash is kept, so no more than a trace of it can be shown."""

    suppression_id: int
    kind: str
    channel: str
    purpose: str
    reason: Reason
    masked: str
    note: str
    suppressed_at: datetime
    suppressed_by: str


class SuppressionsAdded(BaseModel):
    """How many addresses are new, or suppressed for a graver reason than before."""

    added: int


class SuppressionCount(BaseModel):
    """How many addresses are suppressed for a reason."""

    reason: Reason
    addresses: int


class SuppressionCounts(BaseModel):
    """How many addresses are suppressed for each reason."""

    items: list[SuppressionCount]


class RefusedRow(BaseModel):
    """A row of a file that holds no address; the first line of the file is 1."""

    row: int
    why: Literal["no_address"]


class SuppressionsImported(BaseModel):
    """What a file came to."""

    rows: int
    added: int
    refused: int
    refused_rows: list[RefusedRow]


class ConsentSaid(BaseModel):
    """Something that a person said of a channel and a purpose, and what shows it."""

    channel: str
    purpose: str
    is_granted: bool
    decided_at: datetime
    evidence: dict[str, Any]


class ConsentLedger(BaseModel):
    """What a person said, newest first, and which of the person's addresses are written to no more."""

    items: list[ConsentSaid]
    suppressed: list[SuppressedAddress]


class NewChoice(BaseModel):
    """Something that a person said, noted for the person; what shows it must be told."""

    channel: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\w{1,64}$")]
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\w{1,64}$")] = "marketing"
    is_granted: bool
    evidence: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1_000)] = Field(
        description="How and when the person said so: a form and its wording, a call, a letter."
    )


class RefusedStatement(BaseModel):
    """A line of the file that is not taken."""

    row: int
    why: Literal["no_person", "no_channel", "no_evidence", "bad_time"]


class ConsentsImported(BaseModel):
    """What a file came to; with ``is_trial`` nothing was written."""

    rows: int
    granted: int
    withdrawn: int
    refused: int
    refused_rows: list[RefusedStatement]
    is_trial: bool
