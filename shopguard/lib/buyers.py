"""Keyed hashes of buyers, so that repeat buyers can be counted and nobody can be named.

The key of a shop is derived from a master key that lies in a file outside the database. Master
keys are versioned: a reference names the version it was made with, and adding a version leaves
the earlier references as they are (a buyer then counts as new once).
"""

import hmac
import json
import os
import secrets
from hashlib import sha256
from pathlib import Path

DIGEST_BYTES = 16


class BuyerKeys:
    """The keys of one file, which is created with version 1 when it does not exist."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError, naming the file, when it is there but cannot be used."""
        if not path.exists():
            _create(path)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            self.version = int(content["current"])
            self._master = bytes.fromhex(content["keys"][str(self.version)])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} does not hold buyer keys: {error}") from error
        self._shops: dict[str, bytes] = {}

    def ref(self, shop: str, buyer: str) -> str:
        """``v1:`` and 32 hex digits for a buyer of a shop; both are external ids."""
        key = self._shops.get(shop)
        if key is None:
            key = self._shops[shop] = hmac.digest(self._master, shop.encode(), "sha256")
        digest = hmac.digest(key, buyer.encode(), "sha256")[:DIGEST_BYTES]
        return f"v{self.version}:{digest.hex()}"


def _create(path: Path) -> None:
    """Write a new master key; of several processes that do so at once the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.dumps({"current": 1, "keys": {"1": secrets.token_hex(sha256().digest_size)}})
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
