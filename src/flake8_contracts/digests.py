"""What files hold, as short texts that can be compared and kept."""

from __future__ import annotations

import hashlib


def digest(data: bytes) -> str:
    """A text of 32 characters that no other content has."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
