"""One account that sends text messages."""

from typing import ClassVar

from fanwheel.domains.private.channels import calls, checks, reading
from fanwheel.domains.private.channels.adapter import About, Account, Tools
from fanwheel.domains.private.channels.contracts import Address, Check, Outgoing, Received, Request, Sent, Text
from fanwheel.domains.private.channels.errors import BadAccountError, SendError
from fanwheel.domains.private.sms import filling, generic, twilio, wording
from fanwheel.domains.private.sms.about import ABOUT, ADDRESS, BASE_URL, HTTP


class Sms:
    """Sends through Twilio's interface or a provider's that the operator described."""

    about: ClassVar[About] = ABOUT

    def __init__(self, account: Account, tools: Tools) -> None:
        self._account = account
        self._tools = tools
        self._is_generic = account.settings.get("provider") == HTTP

    async def send(self, message: Outgoing) -> Sent:
        """Send all parts as one text."""
        text = wording.compose(message, self._account.settings)
        self._require_settings()
        if self._is_generic:
            asked = generic.request(self._account, message, text)
            reply = await calls.ask(self._tools.http, asked.pop("method"), asked.pop("url"), **asked)
            return Sent(generic.read(self._account, reply) or None)
        url, form = twilio.request(self._account, message, text)
        reply = await calls.ask(self._tools.http, "POST", url, data=form, auth=self._login())
        twilio.raise_for(reply)
        return Sent(reading.text(reply.data, "sid") or None)

    async def receive(self, request: Request) -> Received:
        """Read a callback of the provider."""
        if self._is_generic:
            return generic.receive(self._account, request)
        return twilio.receive(self._account, request)

    async def check(self) -> Check:
        """Ask Twilio for the account; another provider's pattern is only filled in, for asking it would send."""
        try:
            self._require_settings()
            if self._is_generic:
                sample = Outgoing(
                    key="check", to=Address(ADDRESS, "+8613800000000"), parts=(Text("-"),), purpose="service"
                )
                generic.request(self._account, sample, "-")
                told = "The request can be made. Whether the provider takes it shows a test message."
                return Check(True, told, {}, "untried")
            sid = self._account.settings["account_sid"]
            base = (self._account.settings.get("base_url") or BASE_URL).rstrip("/")
            url = f"{base}/2010-04-01/Accounts/{sid}.json"
            reply = await calls.ask(self._tools.http, "GET", url, auth=self._login())
            twilio.raise_for(reply)
        except SendError as error:
            return checks.failed(error)
        except filling.BadPatternError as error:
            told = f"{error.message} {error.hint or ''}".strip()
            return Check(False, told, {"reason": told}, "bad_settings")
        name = reading.text(reply.data, "friendly_name")
        known = reading.known(reply.data, "status", "type")
        return Check(True, f"Connected as {name or sid}.", {**known, "name": name or sid}, "connected")

    async def close(self) -> None:
        """Nothing is held."""

    def _login(self) -> tuple[str, str]:
        return self._account.settings["account_sid"], self._account.secrets["auth_token"]

    def _require_settings(self) -> None:
        """Fields are needed for one provider or the other, so the form cannot require them."""
        settings, secrets = self._account.settings, self._account.secrets
        needed = {"request_url": settings} if self._is_generic else {"account_sid": settings, "sender": settings}
        missing = [name for name, place in needed.items() if not place.get(name)]
        if not self._is_generic and not secrets.get("auth_token"):
            missing.append("auth_token")
        if missing:
            raise BadAccountError(f"The account has no {', no '.join(missing)}.", code="incomplete")
