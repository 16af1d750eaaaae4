"""The names, addresses, accounts and devices of one person of a world."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from fanwheel.measure.world import brand
from fanwheel.measure.world.people import People
from fanwheel.measure.world.streams import Floats, Indices, Streams, word

_CHINA_DEVICES: Final = (("ios", "iPhone 15"), ("android", "Mate 60"), ("android", "Xiaomi 14"), ("web", "Windows"))
_WEST_DEVICES: Final = (("ios", "iPhone 15"), ("android", "Pixel 8"), ("web", "Mac"), ("web", "Windows"))
# Area codes whose numbers 555-0100 to 555-0199 are set aside for fiction.
_AREA_CODES: Final = ("212", "213", "305", "312", "404", "415", "503", "512", "617", "646", "702", "718", "773", "818")
_CHINA_PREFIXES: Final = ("138", "139", "150", "158", "177", "186", "188", "199")
_MASK: Final = (1 << 64) - 1


@dataclass(slots=True)
class Dossier:
    """One person as the brand's systems see them, and what these know so far."""

    index: int
    is_china: bool
    user_id: str
    traits: dict[str, Any]
    accounts: dict[str, tuple[tuple[str, str], ...]]  # by channel: kinds and values of platform ids
    anonymous_ids: tuple[str, ...]
    contexts: tuple[dict[str, Any], ...]  # by device: what every event from it carries
    is_registered: bool = False
    is_introduced: bool = False  # whether an identify call has been shown since registration
    known_devices: set[int] = field(default_factory=set)
    tracked: str = ""  # the platform channel that was joined from a page that knew the cookie
    held_out: set[tuple[str, str]] = field(default_factory=set)  # identity and holdout that were told already

    def signup_traits(self) -> dict[str, Any]:
        """What signing up tells: the traits, and the platform account from which the person came."""
        found = dict(self.traits)
        for kind, value in self.accounts.get(self.tracked, ()):
            if kind == "openid":
                found["openid_app"], _, found["openid"] = value.partition(":")
            else:
                found[kind] = value
        return found


class Registry:
    """Makes dossiers; equal seeds give equal people."""

    def __init__(self, seed: int, people: People) -> None:
        everyone: Indices = np.arange(people.count, dtype=np.int64)
        streams = Streams(seed)
        self._salt = word(seed, "dossier")
        self._is_china = people.is_china
        self._devices = 1 + (streams.uniform("devices", everyone) < 0.34) + (streams.uniform("third", everyone) < 0.07)
        self._luck: list[Floats] = [streams.uniform(f"dossier/{i}", everyone) for i in range(6)]

    def device_count(self) -> Indices:
        """How many devices each person uses, shape (people,)."""
        return self._devices.astype(np.int64)

    def user_id(self, index: int) -> str:
        """The account number that a person has once registered."""
        return f"mw{100_000 + index}"

    def open(self, index: int) -> Dossier:
        """The dossier of one person."""
        is_china = bool(self._is_china[index])
        luck = [float(draws[index]) for draws in self._luck]
        code = f"{self._scramble(index):016x}"
        devices = _CHINA_DEVICES if is_china else _WEST_DEVICES
        locale = ("zh-CN" if luck[5] < 0.93 else "en-US") if is_china else ("en-GB" if luck[5] < 0.4 else "en-US")
        contexts = []
        for number in range(int(self._devices[index])):
            kind, model = devices[(int(luck[0] * 64) + number) % len(devices)]
            contexts.append({"locale": locale, "device": {"type": kind, "model": model}})
        return Dossier(
            index=index,
            is_china=is_china,
            user_id=self.user_id(index),
            traits=_china_traits(index, luck) if is_china else _west_traits(index, luck),
            accounts=_china_accounts(code) if is_china else {},
            anonymous_ids=tuple(
                f"{code[:8]}-{code[8:12]}-4{number:03x}-8{code[12:15]}-{index:012x}" for number in range(len(contexts))
            ),
            contexts=tuple(contexts),
        )

    def _scramble(self, index: int) -> int:
        return ((index + 1) * 0x9E3779B97F4A7C15 ^ self._salt) & _MASK


def _china_traits(index: int, luck: list[float]) -> dict[str, Any]:
    family = brand.FAMILY_NAMES[int(luck[1] * len(brand.FAMILY_NAMES))].split()
    given = brand.GIVEN_NAMES[int(luck[2] * len(brand.GIVEN_NAMES))].split()
    prefix = _CHINA_PREFIXES[int(luck[3] * len(_CHINA_PREFIXES))]
    traits: dict[str, Any] = {
        "name": family[0] + given[0],
        "phone": f"+86{prefix}{(index * 7_919 + int(luck[0] * 1_000)) % 100_000_000:08d}",
        "city": brand.CHINA_CITIES[int(luck[4] * len(brand.CHINA_CITIES))],
        "country": "CN",
    }
    if luck[5] < 0.2:
        traits["email"] = f"{given[1]}.{family[1]}.{index}@example.com".lower()
    return traits


def _west_traits(index: int, luck: list[float]) -> dict[str, Any]:
    first = brand.FIRST_NAMES[int(luck[1] * len(brand.FIRST_NAMES))]
    last = brand.LAST_NAMES[int(luck[2] * len(brand.LAST_NAMES))]
    city, country = brand.WEST_CITIES[int(luck[4] * len(brand.WEST_CITIES))]
    traits: dict[str, Any] = {
        "name": f"{first} {last}",
        "email": f"{first}.{last.replace(' ', '')}.{index}@example.com".lower(),
        "city": city,
        "country": country,
    }
    # Few numbers are set aside for fiction, so each is given to one person only.
    area, line = divmod(index, 100)
    if area < len(_AREA_CODES):
        traits["phone"] = f"+1{_AREA_CODES[area]}55501{line:02d}"
    return traits


def _china_accounts(code: str) -> dict[str, tuple[tuple[str, str], ...]]:
    union = ("unionid", f"oU{code}")
    return {
        "wechat_oa": (("openid", f"{brand.OPENID_APP}:oA{code}"), union),
        "wecom": (("wecom_external_userid", f"wm{code}"), union),
        "douyin_dm": (("douyin_open_id", f"dy{code}"),),
    }
