"""The partition: the cases everybody knows, and the laws it keeps on random graphs."""

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.cdp.persons.guards import low_limits

from fanwheel.cdp.persons.rules.partition import Edge, partition

Ref = tuple[str, str]
Said = tuple[Ref, Ref]


def u(n: object) -> Ref:
    return ("user_id", f"u{n}")


def a(n: object) -> Ref:
    return ("anonymous_id", f"a{n}")


def d(n: object) -> Ref:
    return ("device_id", f"d{n}")


def m(n: object) -> Ref:
    return ("email", f"m{n}@brand.io")


def groups(
    *said: Said, manual: tuple[Said, ...] = (), cut: tuple[Said, ...] = (), is_taken_back: bool = False
) -> set[frozenset[Ref]]:
    """The persons that statements make, when homes are given in the order of their mention."""
    homes: dict[Ref, int] = {}
    for ref in (ref for pair in (*said, *manual) for ref in pair):
        homes.setdefault(ref, len(homes) + 1)
    automatic = {_edge(homes, pair, is_manual=False, is_cut=pair in cut) for pair in said}
    declared = {_edge(homes, pair, is_manual=True, is_cut=is_taken_back) for pair in manual}

    found = partition({home: ref[0] for ref, home in homes.items()}, automatic | declared)

    members: dict[int, set[Ref]] = {}
    for ref, home in homes.items():
        members.setdefault(found.person_of[home], set()).add(ref)
    for person, refs in members.items():
        assert person == min(homes[ref] for ref in refs)
    return {frozenset(refs) for refs in members.values()}


def _edge(homes: dict[Ref, int], pair: Said, *, is_manual: bool, is_cut: bool) -> Edge:
    low, high = sorted((homes[pair[0]], homes[pair[1]]))
    return Edge(low, high, is_manual, is_cut)


def apart(*refs: Ref) -> set[frozenset[Ref]]:
    return {frozenset({ref}) for ref in refs}


def test_a_visitor_who_signs_in_is_one_person() -> None:
    assert groups((u(1), a(1))) == {frozenset({u(1), a(1)})}


def test_alias_joins_in_both_directions() -> None:
    assert groups((u(1), u(2))) == groups((u(2), u(1))) == {frozenset({u(1), u(2)})}


def test_a_device_of_two_users_is_nobodys() -> None:
    assert groups((u(1), a(1)), (u(2), a(1))) == apart(u(1), u(2), a(1))


def test_two_devices_of_one_user_are_one_person() -> None:
    assert groups((u(1), a(1)), (u(1), a(2))) == {frozenset({u(1), a(1), a(2)})}


def test_two_users_with_one_mailbox_are_one_person() -> None:
    assert groups((u(1), m(1)), (u(2), m(1))) == {frozenset({u(1), u(2), m(1)})}


def test_a_device_of_two_users_who_are_one_person_is_theirs() -> None:
    assert groups((u(1), m(1)), (u(2), m(1)), (u(1), a(1)), (u(2), a(1))) == {frozenset({u(1), u(2), m(1), a(1)})}


def test_a_mailbox_of_a_thousand_users_joins_none() -> None:
    users = [u(n) for n in range(1000)]

    assert groups(*((user, m(1)) for user in users)) == apart(*users, m(1))


def test_five_users_of_a_mailbox_are_joined_and_six_are_not() -> None:
    assert len(groups(*((u(n), m(1)) for n in range(5)))) == 1
    assert len(groups(*((u(n), m(1)) for n in range(6)))) == 7


def test_a_user_id_with_eleven_aliases_joins_none() -> None:
    assert len(groups(*((u("x"), u(n)) for n in range(10)))) == 1
    assert len(groups(*((u("x"), u(n)) for n in range(11)))) == 12


def test_a_chain_of_too_many_users_is_dissolved() -> None:
    chain = [(u(n), u(n + 1)) for n in range(50)]

    assert len(groups(*chain[:49])) == 1
    assert len(groups(*chain)) == 51
    assert frozenset({u(0), a(0)}) in groups(*chain, (u(0), a(0)))


def test_a_devices_label_travels_to_the_devices_beside_it() -> None:
    assert groups((a(1), a(2)), (a(2), a(3)), (u(1), a(1))) == {frozenset({u(1), a(1), a(2), a(3)})}


def test_a_shared_device_labels_nobody() -> None:
    assert groups((u(1), a(1)), (u(2), a(1)), (a(1), a(2))) == apart(u(1), u(2), a(1), a(2))


def test_nearer_labels_win() -> None:
    # a2 is one device away from a device of u1, and two away from one of u2.
    found = groups((u(1), a(1)), (a(1), a(2)), (u(2), a(4)), (a(4), a(3)), (a(3), a(2)))

    assert found == {frozenset({u(1), a(1), a(2)}), frozenset({u(2), a(3), a(4)})}


def test_visitors_nobody_knows_are_joined_among_themselves() -> None:
    assert groups((a(1), d(1)), (a(2), d(1))) == {frozenset({a(1), a(2), d(1)})}


def test_a_kiosk_joins_no_visitors() -> None:
    kiosk = [(a(n), d(1)) for n in range(21)]

    assert len(groups(*kiosk[:20])) == 1
    assert len(groups(*kiosk)) == 22


def test_what_people_declared_joins_even_a_shared_device() -> None:
    said = ((u(1), a(1)), (u(2), a(1)))

    assert groups(*said, manual=((u(2), a(1)),)) == {frozenset({u(1)}), frozenset({u(2), a(1)})}


def test_what_people_declared_joins_even_a_shared_mailbox() -> None:
    said = [(u(n), m(1)) for n in range(6)]

    assert frozenset({u(3), m(1)}) in groups(*said, manual=((u(3), m(1)),))


def test_a_cut_edge_joins_nothing() -> None:
    assert groups((u(1), m(1)), (u(2), m(1)), cut=((u(2), m(1)),)) == {frozenset({u(1), m(1)}), frozenset({u(2)})}


def test_cutting_does_not_loosen_a_guard() -> None:
    said = [(u(n), m(1)) for n in range(6)]

    assert len(groups(*said, cut=(said[0],))) == 7


# ------------------------------------------------------------------ laws on random graphs

REFS = [*(u(n) for n in range(7)), *(m(n) for n in range(4)), *(a(n) for n in range(6)), *(d(n) for n in range(2))]


def statements(refs: list[Ref]) -> st.SearchStrategy[list[Said]]:
    """Distinct pairs, often at the same few nodes so that guards go off."""
    pairs = st.tuples(st.sampled_from(refs), st.sampled_from(refs))
    hubs = st.tuples(st.sampled_from(refs[::4]), st.sampled_from(refs))
    ordered = (pairs | hubs).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: (min(pair), max(pair)))
    return st.lists(ordered, min_size=1, max_size=30, unique=True)


@low_limits()
@given(said=statements(REFS), data=st.data())
def test_no_order_of_statements_changes_the_persons(said: list[Said], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(said))

    assert groups(*said) == groups(*shuffled)


@given(said=statements([u(n) for n in range(5)] + [m(n) for n in range(4)]))
def test_evidence_that_sets_off_no_guard_never_parts_anyone(said: list[Said]) -> None:
    # Five users and four mailboxes are too few for any guard.
    before = groups(*said[:-1])

    after = groups(*said)

    assert all(any(group <= larger for larger in after) for group in before)


@low_limits()
@given(said=statements(REFS), data=st.data())
def test_a_declared_merge_joins_and_taking_it_back_restores(said: list[Said], data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(sorted({ref for pair in said for ref in pair})))[:2]

    merged = groups(*said, manual=((one, other),))
    restored = groups(*said, manual=((one, other),), is_taken_back=True)

    assert any({one, other} <= group for group in merged)
    assert restored == groups(*said)
