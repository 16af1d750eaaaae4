"""What goes when somebody leaves a platform that wants its data deleted."""

import pytest
from tests.integration.persons.conftest import NOON, World

from fanwheel.cdp import consent
from fanwheel.cdp.consent import AddressHasher

OPENID = ("openid", "wx1:oABC")
OTHER_OPENID = ("openid", "wx2:oDEF")
UNIONID = ("unionid", "uXYZ")
MAIL = ("email", "mia@example.com")


def forget(world: World, hasher: AddressHasher, ref: tuple[str, str]) -> int:
    return len(world.run(lambda tx: consent.forget_identifier(tx, hasher, ref, actor="wechat", now=NOON)))


def known(world: World) -> list[tuple[str, str]]:
    rows = world.run(lambda tx: tx.all("SELECT kind, value FROM identifier ORDER BY kind, value"))
    return [(row["kind"], row["value"]) for row in rows]


@pytest.mark.parametrize(
    ("statements", "left"),
    [
        ([(OPENID,)], []),
        ([(OPENID, UNIONID)], []),
        ([(OPENID, UNIONID), (UNIONID, MAIL)], [MAIL]),
        ([(OPENID, UNIONID), (OTHER_OPENID, UNIONID)], [OTHER_OPENID, UNIONID]),
        ([(MAIL, OPENID), (MAIL, ("phone", "+8613800000000"))], [MAIL, ("phone", "+8613800000000")]),
    ],
)
def test_what_hangs_on_the_identifier_alone_goes(
    world: World, hasher: AddressHasher, statements: list[tuple[tuple[str, str], ...]], left: list[tuple[str, str]]
) -> None:
    world.say(*statements)  # type: ignore[arg-type]

    assert forget(world, hasher, OPENID) >= 1
    assert known(world) == left


def test_forgetting_what_is_unknown_does_nothing(world: World, hasher: AddressHasher) -> None:
    world.say((MAIL,))

    assert forget(world, hasher, OPENID) == 0
    assert known(world) == [MAIL]
