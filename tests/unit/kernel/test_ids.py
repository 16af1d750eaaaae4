"""Time-ordered ids."""

from fanwheel.kernel.ids import uuid7


def test_a_uuid7_has_its_version_variant_and_time() -> None:
    made = uuid7(at_ms=0x0190_1234_5678, random=b"\xff" * 10)

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == 0x0190_1234_5678


def test_later_ids_sort_later() -> None:
    ids = [uuid7(at_ms=ms) for ms in range(1_700_000_000_000, 1_700_000_000_100)]

    assert ids == sorted(ids)
