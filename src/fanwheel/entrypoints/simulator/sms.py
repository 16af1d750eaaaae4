"""Providers of text messages: Twilio's interface, and below ``/plain`` one as Chinese providers have it.

Source: twilio.com/docs/messaging/api; ``/plain`` is nobody's in particular: a password and a code.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from fanwheel.entrypoints.simulator import platform
from fanwheel.entrypoints.simulator.platform import Call, Reply

_PATH: Final = re.compile(r"/2010-04-01/Accounts/(?P<sid>\w+)(?P<rest>/Messages)?\.json")
_NUMBER: Final = re.compile(r"\+\d{7,15}")
_LONGEST: Final = 1600
_HINT: Final = re.compile(r"回[复覆]?(TD|[TRN])|退订|拒收")
_STOP: Final = {"STOP", "R", "T", "TD", "退订"}


class Platform(platform.Platform):
    """Twilio, and a provider of the Chinese kind."""

    name: ClassVar[str] = "sms"

    def reset(self) -> None:
        """Forget accounts and who refused."""
        super().reset()
        self._accounts: dict[str, Mapping[str, Any]] = {}
        self._refused: set[str] = set()
        self._callbacks: dict[str, str] = {}  # message → where its receipts go
        self.marketing_words = ("优惠", "折", "sale")

    async def handle(self, call: Call) -> Reply:
        """One method of either interface."""
        if call.path == "/plain/send":
            return self._send_plain(call.json())
        matched = _PATH.fullmatch(call.path)
        if matched is None:
            return Reply(404)
        account = self._accounts.get(matched["sid"])
        if account is None or _login(call) != (matched["sid"], account["auth_token"]):
            return _refuse(20003, "Authenticate", status=401)
        if matched["rest"] is None:
            return Reply.of({"sid": matched["sid"], "friendly_name": "Brand", "status": "active", "type": "Full"})
        return self._send(call.form())

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``connect``; ``write`` (person, text) and ``report`` (message, state) to either kind's callback."""
        if verb == "connect":
            self._accounts[args["account"]] = dict(args)
            return {}
        account = self._accounts[args["account"]]
        if verb == "write":
            word = str(args["text"]).strip().upper()
            if word in _STOP:
                self._refused.add(args["person"])
            elif word == "START":
                self._refused.discard(args["person"])
        if "auth_token" in account:
            return await self._tell(account, verb, args)
        return await self._tell_plain(account, verb, args)

    # ------------------------------------------------------------ Twilio
    def _send(self, form: Mapping[str, str]) -> Reply:
        to = form.get("To", "")
        if not _NUMBER.fullmatch(to):
            return _refuse(21211, f"The 'To' number {to} is not a valid phone number.")
        if to in self._refused:
            self.violate("refused_further_texts")
            return _refuse(21610, "Attempt to send to unsubscribed recipient")
        if not 0 < len(form.get("Body", "")) <= _LONGEST:
            self.violate("malformed")
            return _refuse(21617, "The concatenated message body exceeds the 1600 character limit.")
        self._require_hint(to, form["Body"])
        number = f"SM{self.next_number():032x}"
        self._callbacks[number] = form.get("StatusCallback", "")
        self.take(to, dict(form), platform_id=number)
        return Reply.of({"sid": number, "status": "queued", "to": to, "num_segments": "1"}, 201)

    async def _tell(self, account: Mapping[str, Any], verb: str, args: Mapping[str, Any]) -> object:
        if verb == "report":
            url = self._callbacks.get(args["message"]) or account["callback_url"]
            form = {"MessageSid": args["message"], "MessageStatus": args["state"], "To": args["person"]}
            if "error" in args:
                form["ErrorCode"] = str(args["error"])
        else:
            url = account["callback_url"]
            form = {"From": args["person"], "To": "+15550100", "Body": args["text"], "NumMedia": "0"}
            form["MessageSid"] = f"SM{self.next_number():032x}"
        signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
        digest = hmac.new(account["auth_token"].encode(), signed.encode(), hashlib.sha1).digest()
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": base64.b64encode(digest).decode(),
        }
        answered = await self.call_back(url, urlencode(form).encode(), headers=headers)
        return {"status": None if answered is None else answered.status}

    # ------------------------------------------------------------ a provider of the Chinese kind
    def _send_plain(self, body: Mapping[str, Any]) -> Reply:
        account = self._accounts.get(str(body.get("account")))
        if account is None or body.get("pwd") != account.get("password"):
            return Reply.of({"code": 101, "msg": "鉴权失败"})
        text, phone = str(body.get("content", "")), str(body.get("mobile", ""))
        if not text.startswith("【"):
            self.violate("no_signature")
            return Reply.of({"code": 201, "msg": "缺少签名"})
        if phone in self._refused:
            self.violate("refused_further_texts")
            return Reply.of({"code": 301, "msg": "黑名单号码"})
        self._require_hint(phone, text)
        number = str(self.next_number())
        self.take(phone, dict(body), platform_id=number)
        return Reply.of({"code": 0, "msg": "提交成功", "data": {"msgid": number}})

    async def _tell_plain(self, account: Mapping[str, Any], verb: str, args: Mapping[str, Any]) -> object:
        if verb == "report":
            item = {"msgid": args["message"], "status": args["state"], "mobile": args["person"]}
        else:
            item = {"mobile": args["person"], "content": args["text"], "moid": str(self.next_number())}
        body = json.dumps({"list": [item]}, ensure_ascii=False).encode()
        url = f"{account['callback_url']}?{urlencode({'password': account['callback_password']})}"
        answered = await self.call_back(url, body, headers={"content-type": "application/json"})
        return {"status": None if answered is None else answered.status}

    def _require_hint(self, to: str, text: str) -> None:
        """Count marketing to China that does not say how to refuse further texts."""
        is_chinese = to.startswith("+86") or not to.startswith("+")
        if is_chinese and any(word in text for word in self.marketing_words) and not _HINT.search(text):
            self.violate("no_opt_out_hint")


def _login(call: Call) -> tuple[str, str]:
    try:
        decoded = base64.b64decode(call.headers.get("authorization", "").removeprefix("Basic ")).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    name, _, password = decoded.partition(":")
    return name, password


def _refuse(code: int, message: str, *, status: int = 400) -> Reply:
    return Reply.of({"code": code, "message": message, "status": status}, status)
