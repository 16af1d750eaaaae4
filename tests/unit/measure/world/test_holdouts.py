"""Holdouts, ghosts and the dials of a world: fair to both arms, and exact in their truth."""

from dataclasses import replace

import numpy as np
import pytest

from fanwheel.measure import world
from fanwheel.measure.world import effects, holdouts
from fanwheel.measure.world.config import Holdouts

SMALL = world.scored_config(people=12_000, seed=1, weeks=19)
SPECS = {channel.slug: channel for channel in SMALL.channels}


@pytest.fixture(scope="module")
def small() -> world.World:
    return world.World(SMALL)


@pytest.fixture(scope="module")
def held(small: world.World) -> dict[str, np.ndarray]:
    return holdouts.assignments(SMALL, small.people)


def revenue(config: world.WorldConfig) -> int:
    return world.revenue_minor(config, world.simulate(config))


def with_channel(slug: str, **changes: object) -> world.WorldConfig:
    channels = tuple(replace(c, **changes) if c.slug == slug else c for c in SMALL.channels)
    return replace(SMALL, channels=channels, holdouts=None)


def test_holdouts_have_the_shares_that_were_asked_for(held: dict[str, np.ndarray]) -> None:
    # Standard errors of 12,000 draws: 0.002 at 5 %, 0.0027 at 10 %.
    assert held["universal"].mean() == pytest.approx(0.05, abs=0.008)
    assert len(held) == 10
    assert all(held[slug].mean() == pytest.approx(0.10, abs=0.011) for slug in held if slug != "universal")


def test_nobody_held_out_is_exposed_and_nobody_else_has_a_ghost(
    small: world.World, held: dict[str, np.ndarray]
) -> None:
    tables = small.tables
    late = tables.exposures["at"] >= np.datetime64(tables.start)
    for slug in held:
        mine = tables.exposures["channel"] == slug
        out = (held["universal"] | held.get(slug, held["universal"]))[tables.exposures["person"]]
        assert not (mine & late & out & ~tables.exposures["ghost"]).any()
        assert not (mine & tables.exposures["ghost"] & ~(out & late)).any()
    assert tables.exposures["ghost"].sum() > 500


def test_would_be_exposure_does_not_depend_on_being_held_out(small: world.World, held: dict[str, np.ndarray]) -> None:
    tables = small.tables
    others = ~held["universal"]
    for slug in sorted(set(held) - {"universal"}):
        rows = (tables.exposures["channel"] == slug) & (tables.exposures["at"] >= np.datetime64(tables.start))
        met = np.zeros(SMALL.people, dtype=np.bool_)
        met[tables.exposures["person"][rows]] = True
        first, second = met[others & held[slug]], met[others & ~held[slug]]
        rate = met[others].mean()
        se = np.sqrt(rate * (1 - rate) * (1 / len(first) + 1 / len(second)))
        assert abs(first.mean() - second.mean()) < 4 * se


def test_no_order_of_the_week_comes_before_the_visit_that_caused_it(small: world.World) -> None:
    ledger = small.ledger
    phase = small.people.phase
    order_moment = (ledger.orders["at"] + phase[ledger.orders["person"].astype(np.int64)]) % 1.0
    sent_moment = (ledger.messages["at"] + phase[ledger.messages["person"].astype(np.int64)]) % 1.0
    # The weeks of newcomers begin when they arrive, so theirs alone may lie later.
    assert (sent_moment <= 0.28 + 1e-9).mean() > 0.98
    assert order_moment.min() > 0.28


def test_a_world_without_holdouts_is_the_same_with_every_dial_at_rest() -> None:
    demo = replace(world.default_config(SMALL.until, people=800, weeks=6, seed=3), holdouts=None)

    plain, turned = world.simulate(demo), world.simulate(replace(demo, holdouts=Holdouts(universal=0.0, each=0.0)))

    assert len(plain.ghosts) == len(turned.ghosts) == 0
    for name in ("visits", "orders", "messages"):
        ours, theirs = getattr(plain, name), getattr(turned, name)
        assert all((ours[column] == theirs[column]).all() for column in ours.columns)


def test_truth_equals_two_runs_subtracted_and_segments_add_up() -> None:
    config = replace(SMALL, people=3_000)
    truth = effects.measure_effects(config)

    everyone_on = replace(config, holdouts=None)
    on = world.simulate(everyone_on)
    for slug in ("video", "sms"):
        off = world.simulate(everyone_on, off={slug})
        by_hand = world.revenue_minor(everyone_on, on) - world.revenue_minor(everyone_on, off)
        # Nothing differs before the channel goes off, so the pre-period cancels out.
        assert truth[slug].revenue * 100 == pytest.approx(by_hand, abs=1.0)
        assert sum(truth[slug].segment_revenue) == pytest.approx(truth[slug].revenue)
        assert sum(truth[slug].segment_spend) == pytest.approx(truth[slug].spend)


def test_harvesters_add_nothing_and_text_messages_cost_orders() -> None:
    truth = effects.measure_effects(SMALL)
    wasted = {slug for slug, effect in truth.items() if world.MARGIN * effect.revenue < effect.spend}

    assert {"brand_search", "coupon_affiliate", "sms"} <= wasted
    assert not {"email", "social"} & wasted
    assert truth["sms"].revenue < 0
    assert abs(truth["brand_search"].iroas) < 0.2


def test_in_a_world_where_nothing_works_the_truth_is_exactly_zero() -> None:
    truth = effects.measure_effects(world.scored_config("nothing", people=4_000, weeks=18))

    assert len(truth) == 9
    assert {effect.revenue for effect in truth.values()} == {0.0}


def test_a_channel_that_goes_off_leaves_the_pre_period_as_it_was() -> None:
    config = replace(SMALL, people=4_000, holdouts=None)
    on, off = world.simulate(config), world.simulate(config, off={"video"})

    video = [channel.slug for channel in config.channels].index("video")
    early = [ledger.visits["at"][ledger.visits["channel"] == video] for ledger in (on, off)]
    assert (early[1] < config.pre_weeks).all()
    assert (np.sort(early[0][early[0] < config.pre_weeks]) == np.sort(early[1])).all()


@pytest.mark.parametrize(
    ("slug", "more", "less"),
    [
        ("video", {"carry_over": 0.6}, {"carry_over": 0.0}),
        ("video", {"saturation": 0.0}, {"saturation": 20.0}),
        ("social", {"fatigue": 0.0}, {"fatigue": 3.0}),
    ],
)
def test_carry_over_adds_while_fatigue_and_saturation_take(slug: str, more: object, less: object) -> None:
    assert revenue(with_channel(slug, **more)) > revenue(with_channel(slug, **less))  # type: ignore[arg-type]


def test_sleeping_dogs_buy_less_for_being_met() -> None:
    calm = replace(SMALL, holdouts=None, sleeping_dogs=0.0)

    assert revenue(replace(calm, sleeping_dogs=0.5)) < revenue(calm)


def test_contamination_reaches_that_share_of_what_was_held_back() -> None:
    leaky = world.World(replace(SMALL, people=8_000, contamination=0.3)).tables
    late = leaky.exposures["at"] >= np.datetime64(leaky.start)
    held = holdouts.assignments(leaky.config, leaky.inhabitants)
    mine = (
        (leaky.exposures["channel"] == "social")
        & late
        & (held["social"] | held["universal"])[leaky.exposures["person"]]
    )

    real, ghosts = (mine & ~leaky.exposures["ghost"]).sum(), (mine & leaky.exposures["ghost"]).sum()
    assert real / ghosts == pytest.approx(0.3, abs=0.06)  # a leak is seen both as a ghost and as an exposure


def test_lost_identities_turn_facts_over_to_strangers() -> None:
    tables = world.World(replace(SMALL, people=4_000, lost_identities=0.2)).tables

    assert (tables.orders["person"] >= 4_000).mean() == pytest.approx(0.2, abs=0.02)
    assert (tables.exposures["person"] >= 4_000).mean() == pytest.approx(0.2, abs=0.02)
    assert not np.isin(tables.assignments["person"], tables.orders["person"][tables.orders["person"] >= 4_000]).any()
    assert tables.countable is None


def test_a_stranger_known_by_a_ghost_is_held_out_like_the_person_behind_it() -> None:
    config = replace(SMALL, people=4_000)
    whole, tables = world.World(config).tables, world.World(replace(config, lost_identities=0.2)).tables

    lost = tables.exposures["ghost"] & (tables.exposures["person"] >= 4_000)
    owner = whole.exposures["person"][lost]  # the same rows before identities are lost
    nowhere = set(whole.assignments["person"][whole.assignments["holdout"] == "universal"].tolist())
    told = dict(zip(tables.assignments["person"].tolist(), tables.assignments["holdout"].tolist(), strict=True))
    for who, stranger, channel in zip(
        owner.tolist(),
        tables.exposures["person"][lost].tolist(),
        tables.exposures["channel"][lost].tolist(),
        strict=True,
    ):
        assert told[stranger] == ("universal" if who in nowhere else channel)
    assert lost.sum() > 100


def test_an_area_is_held_out_as_a_whole_and_lies_in_one_region() -> None:
    config = replace(SMALL, people=8_000, holdouts=Holdouts(universal=0.0, by_area={"video": 0.25}))
    people = world.draw_people(config)
    area, held = holdouts.areas(config, people), holdouts.assignments(config, people)["video"]

    dark = np.unique(area[held])
    assert len(dark) == 10
    assert (np.isin(area, dark) == held).all()
    for number in range(config.areas):
        assert len(np.unique(people.is_china[area == number])) == 1


@pytest.mark.parametrize(
    "wrong", [{"universal": 1.0}, {"each": -0.1}, {"by_area": {"video": 2.0}}], ids=["all", "negative", "area"]
)
def test_shares_outside_0_to_1_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="shares of holdouts"):
        Holdouts(**wrong)  # type: ignore[arg-type]
