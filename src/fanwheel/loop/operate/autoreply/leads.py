"""What a lead form leaves behind: traits and identifiers, the lead itself, and consent with its evidence."""

from datetime import datetime

from fanwheel.infra import outbox
from fanwheel.loop.operate.autoreply.book import KeptForm
from fanwheel.loop.operate.autoreply.contracts import Incoming
from fanwheel.loop.operate.autoreply.forms import Progress, Turn


def facts_of_lead(
    kept: KeptForm, progress: Progress, turn: Turn, item: Incoming, *, now: datetime
) -> list[outbox.Fact]:
    """Facts of a form that was filled in, each told once however often it is worked out."""
    sender = item.happening.sender
    if sender is None:
        return []
    who = [(sender.kind, sender.value)]
    head = f"lead:{item.account_id}:{progress.key}"
    common = {
        "channel": item.channel,
        "account_id": item.account_id,
        "form_id": kept.form_id,
        "form_version": progress.version,
    }
    fields = {each.key: each for each in kept.form.fields}
    known = {key: value for key, value in turn.values.items() if key in fields}
    contacts = [(fields[key].kind, value) for key, value in known.items() if fields[key].kind in ("phone", "email")]
    traits = {key: value for key, value in known.items() if fields[key].kind not in ("phone", "email")}
    facts = []
    if contacts or traits:
        facts.append(outbox.Fact(key=f"{head}:who", at=now, refs=[*who, *contacts], properties=traits, kind="identify"))
    told = common | {"fields": sorted(known), "is_complete": turn.outcome == "done"}
    facts.append(outbox.Fact(key=f"{head}:lead", name="Lead Submitted", at=now, refs=who, properties=told))
    consent = kept.form.consent
    if consent is not None and turn.is_agreed:
        proof = {"form": kept.name, "form_version": progress.version, "asked": consent.ask, "answer": consent.yes}
        properties = {**common, "channels": list(consent.channels), "purpose": "marketing"}
        evidence = proof | {"account_id": item.account_id, "message": item.happening.key, "at": now.isoformat()}
        facts.append(
            outbox.Fact(
                key=f"{head}:consent",
                name="Consent Granted",
                at=now,
                refs=who,
                # The channel through which it was said would be read as the one it is for.
                properties={key: value for key, value in properties.items() if key != "channel"}
                | {"evidence": evidence},
            )
        )
    return facts
