"""What the route of double opt-in takes and answers."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\w{1,64}$")]


class NewOptIn(BaseModel):
    """Somebody asked for something and is to confirm it from the mailbox."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
    channel: Name = "email"
    purpose: Name = "marketing"
    language: Literal["en", "zh-CN"] | None = None
    account_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="The e-mail account that asks; without it the first one that is active."
    )
    evidence: dict[Annotated[str, StringConstraints(max_length=64)], Annotated[str, StringConstraints(max_length=500)]]


class OptInAsked(BaseModel):
    """The person to whom the link is on its way; nothing is allowed by that yet."""

    person_id: int
