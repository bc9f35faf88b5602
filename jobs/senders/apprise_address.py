"""Send messages through apprise, which knows many more services; an optional part: pip install 'kesheng[apprise]'."""

from __future__ import annotations

import logging
from typing import Any

from analytics.errors import ConfigError
from jobs.senders.outcome import Message, RefusedError


class AppriseAddress:
    """One address of apprise, as tgram://token/chat; it is a secret.

    Raises
    ------
    ConfigError
        If apprise is not installed, or does not know such an address.
    """

    kind = "apprise"

    def __init__(self, name: str, url: str) -> None:
        try:
            import apprise  # optional
        except ImportError:
            raise ConfigError(f"{name}: kind apprise needs a package; type: pip install 'kesheng[apprise]'") from None
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its warnings hold parts of addresses
        self._name = name
        self._address: Any = apprise.Apprise()
        if not self._address.add(url):
            raise ConfigError(f"{name}: apprise does not know an address like its url; see its list of services")

    def close(self) -> None:
        """Nothing stays open."""

    def send(self, message: Message) -> None:
        """Send a message; apprise says no more than yes or no.

        Raises
        ------
        RefusedError
            If it was not taken, for whatever reason.
        """
        from analytics.inbox.letter import plain_text  # brings the whole inbox, which opening a channel need not

        heading, _, rest = plain_text(message.letter).partition("\n")
        if not self._address.notify(title=heading, body=rest or heading, body_format="text"):
            raise RefusedError(f"{self._name}: apprise could not send; try its command line on the same address")
