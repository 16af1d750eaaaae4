"""What rows of people say of consent: a yes counts only with what shows it."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from fanwheel.cdp import consent
from fanwheel.cdp.imports.contracts import Draft
from fanwheel.cdp.imports.rules.cells import Cells

FIELDS: Final = ("consent", "consent_channel", "consent_purpose", "consent_evidence", "consent_at")


class Consents:
    """The statements of the rows of one batch; rows whose statement cannot count are refused."""

    def __init__(self, cells: Cells, *, now: int) -> None:
        self._is_asked = cells.has("consent")
        self._answers, self._channels, self._purposes, self._proofs = (cells.text(name) for name in FIELDS[:4])
        self._decided, self._seen, self._now = cells.times("consent_at"), cells.times("seen_at"), now
        self._rows = cells.rows
        self._said = [self._read(cells, index) for index in range(cells.count)]

    @staticmethod
    def are_in(cells: Cells) -> bool:
        """Whether the file says anything of consent."""
        return cells.has("consent_channel")

    def draft(self, index: int, user: str | None, anonymous: str | None, contacts: Mapping[str, str]) -> Draft | None:
        """The statement of a row as an event, or None where it says nothing."""
        said = self._said[index]
        if said is None:
            return None
        name, body = said
        at = self._decided[index] or self._seen[index] or self._now
        return Draft(self._rows[index], "track", name, user, anonymous, dict(contacts), at, body, b"")

    def _read(self, cells: Cells, index: int) -> tuple[str, bytes] | None:
        answer, typed = self._answers[index], self._channels[index]
        if typed is None or (self._is_asked and answer is None):
            return None
        channels = [consent.clean_channel(each) for each in typed.replace(";", ",").split(",")]
        is_granted = consent.read_flag(answer if answer is not None else True)
        if None in channels:
            cells.refuse(index, f"“consent_channel” is {typed[:60]!r}; write email, sms, wechat_oa or another channel")
            return None
        proof = self._proofs[index]
        if is_granted and proof is None:
            cells.refuse(index, "agrees without “consent_evidence”: say how and when, such as the form and its wording")
            return None
        return _statement(channels, self._purposes[index], proof, is_granted=is_granted)


def _statement(
    channels: Sequence[str | None], purpose: str | None, proof: str | None, *, is_granted: bool
) -> tuple[str, bytes]:
    body = {"channels": channels, "purpose": purpose or consent.MARKETING, "imported": True}
    if proof is not None:
        body["evidence"] = proof
    return "Consent Granted" if is_granted else "Consent Withdrawn", msgspec.json.encode(body)
