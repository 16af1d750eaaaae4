"""Which columns of a file hold which identifiers."""

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, get_args

from fanwheel.cdp import persons
from fanwheel.cdp.lists.errors import BadListFileError

# Besides the identifiers of persons: the number under which our own exports name them, and a value of any kind.
Kind = Literal[
    "user_id", "email", "phone", "openid", "unionid", "wecom_external_userid", "douyin_open_id",
    "tiktok_open_id", "telegram_id", "line_id", "anonymous_id", "device_id", "person_id", "any",
]  # fmt: skip
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_SEPARATORS: Final = re.compile(r"[\s_\-.]+")
_SPOKEN: Final[dict[str, Kind]] = {
    "email": "email", "mail": "email", "emailaddress": "email", "邮箱": "email", "电子邮箱": "email", "邮件": "email",
    "phone": "phone", "phonenumber": "phone", "mobile": "phone", "mobilenumber": "phone", "mobilephone": "phone",
    "tel": "phone", "telephone": "phone", "手机": "phone", "手机号": "phone", "手机号码": "phone", "电话": "phone",
    "userid": "user_id", "uid": "user_id", "memberid": "user_id", "customerid": "user_id", "用户id": "user_id",
    "会员id": "user_id", "会员号": "user_id", "openid": "openid", "unionid": "unionid",
    "wecomexternaluserid": "wecom_external_userid", "externaluserid": "wecom_external_userid",
    "douyinopenid": "douyin_open_id", "tiktokopenid": "tiktok_open_id", "telegramid": "telegram_id",
    "lineid": "line_id", "anonymousid": "anonymous_id", "deviceid": "device_id",
    "personid": "person_id",
}  # fmt: skip


class IdentifierColumn(NamedTuple):
    """A column by its place, and the kind of its values."""

    place: int
    kind: Kind


def kind_of(header: str) -> Kind | None:
    """The kind of identifier that a column's name tells."""
    return _SPOKEN.get(_SEPARATORS.sub("", header).lower())


def is_data(names: Sequence[str], *, region: str) -> bool:
    """Whether the first line is no header but a row already: one of its cells is an address or a phone."""
    return any(persons.normalize(kind, name, region=region) for name in names for kind in ("email", "phone"))


def choose(names: Sequence[str], *, column: str | None, kind: Kind | None) -> list[IdentifierColumn]:
    """The columns to match by, in the order of the file.

    Raises
    ------
    BadListFileError
        If there is none, or not the one that was asked for.
    """
    if column is not None:
        if column not in names:
            raise BadListFileError(
                f"The file has no column “{column}”.", hint=f"Its columns are: {', '.join(names[:20])}."
            )
        return [IdentifierColumn(names.index(column), kind or kind_of(column) or "any")]
    if kind is not None and len(names) == 1:
        return [IdentifierColumn(0, kind)]
    told = [IdentifierColumn(place, found) for place, name in enumerate(names) if (found := kind_of(name))]
    chosen = [one for one in told if kind in (None, one.kind)]
    if chosen:
        return chosen
    if len(names) == 1:
        return [IdentifierColumn(0, "any")]
    raise BadListFileError(
        f"None of the columns {', '.join(f'“{name}”' for name in names[:20])} is named like an identifier.",
        hint=f"Name one “{kind or 'email'}”, or say which it is with “column”.",
    )
