"""The three domains and the five stages."""

from enum import IntEnum


class Domain(IntEnum):
    """Where we meet a person."""

    UNKNOWN = 0
    PUBLIC = 1
    COMMERCIAL = 2
    PRIVATE = 3

    @property
    def label(self) -> str:
        """The name used in the API."""
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> "Domain":
        """The domain with that API name; raises ``KeyError`` for any other."""
        return cls[label.upper()]


class Stage(IntEnum):
    """How far round the wheel a person has come."""

    INTRODUCE = 1
    OPERATE = 2
    CONVERT = 3
    SHARE = 4
    REPURCHASE = 5

    @property
    def label(self) -> str:
        """The name used in the API."""
        return self.name.lower()
