"""Double opt-in over HTTP: for forms of the brand's own site."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.cdp import persons
from fanwheel.cdp.consent.errors import BadAddressError
from fanwheel.cdp.consent.router import HasherDep
from fanwheel.domains.private.channels import accounts
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.preferences import opting, schemas
from fanwheel.loop.operate.preferences.contracts import LANGUAGES
from fanwheel.loop.operate.preferences.errors import NoMailAccountError

router = APIRouter(prefix="/api/opt-ins", tags=["consent"])

Writer = Annotated[Principal, allow("people:write")]


@router.post("", status_code=201)
async def ask_to_confirm(
    db: DatabaseDep, settings: SettingsDep, hashing: HasherDep, principal: Writer, body: schemas.NewOptIn
) -> schemas.OptInAsked:
    """Send somebody a link to confirm a wish; it works once, for seven days. ``evidence`` says where it was made."""
    address = persons.normalize("email", body.email, region="US")
    if address is None:
        raise BadAddressError(hint="Send a whole e-mail address.")
    async with db.transaction(principal.workspace_id) as tx:
        account_id = await _account(tx, body.account_id)
        asked = opting.Asked(address, body.channel, body.purpose, body.language or LANGUAGES[0], account_id)
        person = await opting.ask_to_confirm(tx, settings, hashing, asked, evidence=body.evidence, now=utc_now())
        await audit.write(tx, principal, "opt_in.ask", str(person), {"channel": body.channel, "purpose": body.purpose})
    return schemas.OptInAsked(person_id=person)


async def _account(tx: Transaction, wanted: int | None) -> int:
    for account in await accounts.list_accounts(tx):
        if account.channel == "email" and account.is_active and wanted in (None, account.account_id):
            return account.account_id
    raise NoMailAccountError(hint="Make one in Settings, Channels.")
