"""Resolving on a real server: the same partition as the pure rule, however the statements arrive."""


def user(n: object) -> tuple[str, str]:
    return ("user_id", f"u{n}")


def anon(n: object) -> tuple[str, str]:
    return ("anonymous_id", f"a{n}")


def email(n: object) -> tuple[str, str]:
    return ("email", f"m{n}@brand.io")


def test_identifying_a_visitor_makes_one_person(world) -> None:
    world.say((anon(1),))
    world.say((user(1), anon(1)))

    assert world.groups() == {frozenset({user(1), anon(1)})}
    assert len(world.rows("SELECT 1 FROM person WHERE workspace_id = %(workspace)s")) == 1


def test_a_shared_device_is_nobodys(world) -> None:
    world.say((user(1), anon(1)))
    world.say((user(2), anon(1)))

    assert world.groups() == {frozenset({user(1)}), frozenset({user(2)}), frozenset({anon(1)})}


def test_a_shared_mailbox_frees_those_it_joined(world) -> None:
    for n in range(5):
        world.say((user(n), email(1)), (user(n), anon(n)))
    assert len(world.groups()) == 1

    world.say((user(5), email(1)))

    assert world.groups() == {
        frozenset({email(1)}),
        frozenset({user(5)}),
        *(frozenset({user(n), anon(n)}) for n in range(5)),
    }
    assert len(world.rows("SELECT 1 FROM person WHERE workspace_id = %(workspace)s")) == 7


def test_a_thousand_users_of_one_mailbox_stay_apart(world) -> None:
    for batch in range(4):
        world.say(*((user(n), email(1)) for n in range(batch * 250, batch * 250 + 250)))

    assert len(world.groups()) == 1001
