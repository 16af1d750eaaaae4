"""What the routes of channels take and give."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from fanwheel.domains.private.channels.accounts.contracts import AccountRow
from fanwheel.domains.private.channels.adapter import About


class FieldOut(BaseModel):
    """One thing to fill in when an account is made."""

    name: str
    is_secret: bool
    is_required: bool
    default: str
    pattern: str
    choices: list[str]


class AllowanceOut(BaseModel):
    """A right to speak, as the platform gives it."""

    name: str
    opens: str
    lasts_s: int | None
    most: int | None
    per: str
    covers: str
    cite: str
    as_of: str


class KindOut(BaseModel):
    """A kind of channel that is installed."""

    kind: str
    address: str
    fields: list[FieldOut]
    capabilities: list[str]
    allowances: list[AllowanceOut]
    per_second: float | None
    text_limit: int | None
    is_marketing_allowed: bool

    @classmethod
    def of(cls, about: About) -> "KindOut":
        """From what the adapter says of itself."""
        told = {**about._asdict(), "capabilities": sorted(about.capabilities)}
        told["fields"] = [{**field._asdict(), "choices": list(field.choices)} for field in about.fields]
        told["allowances"] = [allowance._asdict() for allowance in about.allowances]
        return cls.model_validate(told)


class KindsOut(BaseModel):
    """Kinds of channels, by name."""

    items: list[KindOut]


class AccountIn(BaseModel):
    """A new account; ``values`` by the names of the fields of its kind."""

    model_config = ConfigDict(extra="forbid")

    channel: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=100)
    values: dict[str, str | None] = Field(default_factory=dict, max_length=100)


class AccountPatch(BaseModel):
    """What to change; fields that are not named stay, null takes a value away."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100)
    values: dict[str, str | None] = Field(default_factory=dict, max_length=100)


class AccountOut(BaseModel):
    """An account; of its secrets only which are set.

    ``check_code`` is a word for what the last test came to, ``check_facts`` what a sentence about it names.
    """

    account_id: int
    channel: str
    name: str
    settings: dict[str, str]
    secrets: list[str]
    callback_url: str
    is_active: bool
    health: Literal["fine", "paused", "failing", "untested"]
    error: str | None
    error_at: datetime | None
    checked_at: datetime | None
    is_fine: bool | None
    check_message: str | None
    check_code: str
    check_facts: dict[str, str]
    heard_at: datetime | None
    created_at: datetime
    created_by: str

    @classmethod
    def of(cls, row: AccountRow, *, url: str) -> "AccountOut":
        """From the row."""
        told = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls(
            **told,
            secrets=list(row.secret_names),
            callback_url=f"{url}/hooks/{row.channel}/{row.key}",
            health=_health(row),
        )


class AccountsOut(BaseModel):
    """Accounts, by channel and name."""

    items: list[AccountOut]


class CheckOut(BaseModel):
    """What came of a connection test."""

    is_fine: bool
    message: str
    facts: dict[str, str]
    code: str


def _health(row: AccountRow) -> Literal["fine", "paused", "failing", "untested"]:
    if not row.is_active:
        return "paused"
    if row.error is not None or row.is_fine is False:
        return "failing"
    return "fine" if row.is_fine else "untested"
