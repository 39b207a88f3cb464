"""What files hold, as short texts that can be compared and kept."""

from __future__ import annotations

try:
    # To load hashlib is to load OpenSSL, which takes longer than most runs spend on digests.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


def digest(data: bytes) -> str:
    """A text of 32 characters that no other content has."""
    return blake2b(data, digest_size=16).hexdigest()


def digest_of_text(text: str) -> str:
    """The same for a text, which may hold names of files that are no UTF-8."""
    return digest(text.encode("utf-8", "surrogatepass"))
