"""The addresses of a person's own pages, as messages carry them."""

from fanwheel.cdp.consent import AddressHasher, Link, Sealer
from fanwheel.infra.settings import Settings


class Links:
    """Makes the addresses; one for a process."""

    def __init__(self, settings: Settings, hasher: AddressHasher) -> None:
        self._site = settings.url
        self._sealer = Sealer(hasher)

    def unsubscribe(self, link: Link) -> str:
        """Where one click unsubscribes, after a look at the page or without one (RFC 8058)."""
        return f"{self._site}/u/{self._sealer.close(link)}"

    def preferences(self, link: Link) -> str:
        """Where channels, purposes and the language are chosen."""
        return f"{self._site}/preferences/{self._sealer.close(link)}"
