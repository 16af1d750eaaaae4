"""What the inbox's reports answer."""

from datetime import datetime

from pydantic import BaseModel


class InboxReportRow(BaseModel):
    """Response and resolution times in seconds (by the clock; ``open``: while the brand was there) and ratings.

    ``group_key`` is a user, a team, a channel or a day of the brand; null where there is none.
    """

    group_key: str | None
    opened: int
    answered: int
    closed: int
    late_responses: int
    promised_responses: int
    late_resolutions: int
    promised_resolutions: int
    response_p50_s: float | None
    response_p90_s: float | None
    response_open_p50_s: float | None
    response_open_p90_s: float | None
    resolution_p50_s: float | None
    resolution_p90_s: float | None
    resolution_open_p50_s: float | None
    asked: int
    rated: int
    score: float | None
    good: int


class InboxReport(BaseModel):
    """One row for each group."""

    items: list[InboxReportRow]


class GivenRating(BaseModel):
    """What somebody answered who was asked how it was; ``agent_name`` is who closed the conversation."""

    conversation_id: int
    round: int
    channel: str
    score: int
    rated_at: datetime
    agent_name: str | None
    name: str


class GivenRatings(BaseModel):
    """Answers, the newest first."""

    items: list[GivenRating]
