"""What the routes of what came in give."""

from datetime import datetime

from pydantic import BaseModel


class FailedOut(BaseModel):
    """Something that came in and could not be handled; not what it said."""

    inbound_id: int
    account_id: int
    key: str
    received_at: datetime
    attempts: int
    error: str | None
