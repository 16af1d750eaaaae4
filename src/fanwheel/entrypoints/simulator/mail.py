"""Providers of mail as far as they call back: SES by SNS, SendGrid, Mailgun, Postmark, each signing in its own way.

They take no mail: that is SMTP's, and a sink's. What they tell is about mails that went out elsewhere.

Source: docs.aws.amazon.com/sns (signatures), sendgrid and mailgun and postmark webhook documentation.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any, ClassVar, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from fanwheel.entrypoints.simulator import platform
from fanwheel.entrypoints.simulator.platform import Call, Reply

_TOPIC: Final = "arn:aws:sns:eu-west-1:123456789012:mail"
_SENDGRID: Final[Mapping[str, dict[str, Any]]] = {
    "delivered": {"event": "delivered"},
    "opened": {"event": "open"},
    "bounced": {"event": "bounce", "type": "bounce", "status": "5.1.1"},
    "delayed": {"event": "bounce", "type": "blocked", "status": "4.2.2"},
    "complained": {"event": "spamreport"},
    "unsubscribed": {"event": "unsubscribe"},
}
_MAILGUN: Final[Mapping[str, dict[str, Any]]] = {
    "delivered": {"event": "delivered"},
    "opened": {"event": "opened"},
    "bounced": {"event": "failed", "severity": "permanent", "delivery-status": {"code": 550}},
    "delayed": {"event": "failed", "severity": "temporary", "delivery-status": {"code": 452}},
    "complained": {"event": "complained"},
    "unsubscribed": {"event": "unsubscribed"},
}
_POSTMARK: Final[Mapping[str, dict[str, Any]]] = {
    "delivered": {"RecordType": "Delivery"},
    "opened": {"RecordType": "Open"},
    "bounced": {"RecordType": "Bounce", "Type": "HardBounce"},
    "delayed": {"RecordType": "Bounce", "Type": "SoftBounce"},
    "complained": {"RecordType": "SpamComplaint"},
    "unsubscribed": {"RecordType": "SubscriptionChange", "SuppressSending": True,
                     "SuppressionReason": "ManualSuppression"},
}  # fmt: skip


class Platform(platform.Platform):
    """Four providers; an account's ``base_url`` is this one's address, for SNS."""

    name: ClassVar[str] = "mail"

    def reset(self) -> None:
        """Forget who is to be called; the keys stay."""
        super().reset()
        self._accounts: dict[str, Mapping[str, Any]] = {}
        self.confirmed: list[str] = []
        if not hasattr(self, "_rsa"):
            self._rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            self._ec = ec.generate_private_key(ec.SECP256R1())

    async def handle(self, call: Call) -> Reply:
        """What SNS lets one fetch: its certificate, and the confirmation of a subscription."""
        if call.path == "/certificate.pem":
            return Reply(200, self._certificate(), "application/x-pem-file")
        if call.path == "/confirm" and call.query.get("Token"):
            self.confirmed.append(call.query["Token"])
            return Reply(200, b"<ConfirmSubscriptionResponse/>", "text/xml")
        return Reply(404)

    async def do(self, verb: str, args: Mapping[str, Any]) -> object:
        """``connect`` (provider, callback_url, secret); ``tell`` (provider, event, to, message_id); ``subscribe``.

        Events: delivered, opened, bounced, delayed, complained, unsubscribed. ``connect`` says what the account is to
        be given as ``webhook_secret`` and ``topic_arn``.
        """
        provider = str(args["provider"])
        if verb == "connect":
            self._accounts[provider] = dict(args)
            key = self._ec.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            told = base64.b64encode(key).decode() if provider == "sendgrid" else args.get("secret", "")
            return {"webhook_secret": told, "topic_arn": _TOPIC if provider == "ses" else ""}
        url = str(self._accounts[provider]["callback_url"])
        if verb == "subscribe":
            more = {"Type": "SubscriptionConfirmation", "Token": "t1", "SubscribeURL": f"{self.url}/confirm?Token=t1"}
            body, headers = self._sns({}, **more)
        else:
            body, headers = self._words(provider, args)
        answered = await self.call_back(url, body, headers=headers)
        return {"status": None if answered is None else answered.status}

    def _words(self, provider: str, args: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
        event, to, message_id = str(args["event"]), str(args["to"]), str(args["message_id"])
        if provider == "ses":
            return self._sns(_ses(event, to, message_id))
        if provider == "sendgrid":
            told = _SENDGRID[event] | {"email": to, "sg_event_id": secrets.token_hex(8), "smtp-id": message_id}
            return self._sendgrid([told | {"timestamp": int(self.clock().timestamp())}])
        if provider == "mailgun":
            headers = {"headers": {"message-id": message_id.strip("<>")}}
            told = _MAILGUN[event] | {"id": secrets.token_hex(8), "recipient": to, "message": headers}
            return self._mailgun(told | {"timestamp": self.clock().timestamp()})
        number = {"ID": self.next_number(), "MessageID": message_id, "Recipient": to, "Email": to}
        return self._postmark(_POSTMARK[event] | number)

    def _sns(self, note: object, **more: str) -> tuple[bytes, dict[str, str]]:
        told = {
            "Type": "Notification", "MessageId": secrets.token_hex(8), "TopicArn": _TOPIC,
            "Timestamp": self.clock().astimezone(UTC).isoformat(), "Message": json.dumps(note), "SignatureVersion": "2",
            "SigningCertURL": f"{self.url}/certificate.pem",
        } | more  # fmt: skip
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        signed = "".join(f"{name}\n{told[name]}\n" for name in names if name in told).encode()
        told["Signature"] = base64.b64encode(self._rsa.sign(signed, padding.PKCS1v15(), hashes.SHA256())).decode()
        return json.dumps(told).encode(), {"Content-Type": "text/plain", "x-amz-sns-message-type": told["Type"]}

    def _sendgrid(self, events: object) -> tuple[bytes, dict[str, str]]:
        body, stamp = json.dumps(events).encode(), str(int(self.clock().timestamp()))
        signature = self._ec.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        prefix = "X-Twilio-Email-Event-Webhook"
        return body, {f"{prefix}-Signature": base64.b64encode(signature).decode(), f"{prefix}-Timestamp": stamp}

    def _mailgun(self, event: object) -> tuple[bytes, dict[str, str]]:
        stamp, token = str(int(self.clock().timestamp())), secrets.token_hex(25)
        secret = str(self._accounts["mailgun"].get("secret", "")).encode()
        signature = hmac.new(secret, f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
        proof = {"timestamp": stamp, "token": token, "signature": signature}
        return json.dumps({"signature": proof, "event-data": event}).encode(), {"Content-Type": "application/json"}

    def _postmark(self, record: object) -> tuple[bytes, dict[str, str]]:
        secret = str(self._accounts["postmark"].get("secret", "")).encode()
        login = f"Basic {base64.b64encode(secret).decode()}"
        return json.dumps(record).encode(), {"Content-Type": "application/json", "Authorization": login}

    def _certificate(self) -> bytes:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = self.clock()
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._rsa.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .sign(self._rsa, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)


def _ses(event: str, to: str, message_id: str) -> dict[str, Any]:
    mail = {"messageId": message_id, "destination": [to], "headers": [{"name": "Message-ID", "value": message_id}]}
    if event in {"bounced", "delayed"}:
        kind = "Permanent" if event == "bounced" else "Transient"
        bounced = [{"emailAddress": to, "status": "5.1.1" if event == "bounced" else "4.2.2"}]
        bounce = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": bounced}
        return {"notificationType": "Bounce", "mail": mail, "bounce": bounce}
    if event == "complained":
        complaint = {"complainedRecipients": [{"emailAddress": to}], "complaintFeedbackType": "abuse"}
        return {"notificationType": "Complaint", "mail": mail, "complaint": complaint}
    kind = "Open" if event == "opened" else "Delivery"
    return {"eventType": kind, "mail": mail, kind.lower(): {"recipients": [to]}}
