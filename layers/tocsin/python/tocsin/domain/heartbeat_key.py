"""The key in a heartbeat's address: it says which monitor is called, and that we made it. Nothing of it is stored.

Format: monitor id "." base64url(the first 16 bytes of HMAC-SHA256 over the id). A new secret makes all keys new.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from tocsin.errors import NotFoundError

LENGTH = 16
"""In bytes: nobody guesses 128 bits over a network."""


def key_of(monitor_id: str, secret: bytes) -> str:
    digest = hmac.digest(secret, f"heartbeat {monitor_id}".encode(), hashlib.sha256)[:LENGTH]
    return f"{monitor_id}.{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def monitor_of(key: str, secret: bytes) -> str:
    """The monitor that a key is of. Raises NotFoundError when it is not one of ours, whether or not the monitor is."""
    monitor_id, _, _ = key.partition(".")
    if not hmac.compare_digest(key.encode(), key_of(monitor_id, secret).encode()):
        raise NotFoundError("there is no such heartbeat; `tocsin monitors heartbeats` prints their addresses")
    return monitor_id
