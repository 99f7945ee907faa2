"""The password of the staff's desk: made into a line that can be kept, and tried against it."""

import hmac
import sys
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from getpass import getpass
from hashlib import scrypt
from secrets import token_bytes

from assistant.errors import WrongUse

SHORTEST = 12
LONGEST = 1_000
VARIABLE = "KIL_STAFF_PASSWORD"

# What OWASP's Password Storage Cheat Sheet gives for scrypt with 16 MiB (November 2026): 2**14, 8, 5.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 5
_SALT_BYTES, _HASH_BYTES = 16, 32
_MOST_MEMORY = 256 * 2**20
_NO_HASH = (
    "it is not a line that `keep-it-local staff-password` prints; run that command and copy what stands "
    "behind the equals sign, and never the password itself"
)


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password as it is kept: it can be tried, and not be read."""

    cost: int
    block: int
    parallel: int
    salt: bytes
    hash: bytes

    @classmethod
    def read(cls, line: str) -> "Hashed":
        """Read what `write` wrote; raises `ValueError` without repeating it, because it may be a password."""
        try:
            name, cost, block, parallel, salt, hashed = line.split(":")
            read = cls(
                int(cost), int(block), int(parallel), urlsafe_b64decode(salt), urlsafe_b64decode(hashed)
            )
        except (ValueError, NotBase64):
            raise ValueError(_NO_HASH) from None
        if name != "scrypt" or not read.is_sound:
            raise ValueError(_NO_HASH)
        return read

    @property
    def is_sound(self) -> bool:
        """Whether it can be computed, in reasonable memory, and is no weaker than ours."""
        power_of_two = self.cost > 1 and self.cost & (self.cost - 1) == 0
        memory = 128 * self.block * (self.cost + self.parallel)
        work = self.cost * self.block * self.parallel
        return (
            power_of_two
            and self.block > 0
            and 0 < self.parallel <= 64
            and memory <= _MOST_MEMORY
            and work >= _COST * _BLOCK * _PARALLEL
            and (len(self.salt), len(self.hash)) == (_SALT_BYTES, _HASH_BYTES)
        )

    def write(self) -> str:
        """Write it as one word without a dollar sign, which .env files and shells take for a variable."""
        salt, hashed = (urlsafe_b64encode(part).decode() for part in (self.salt, self.hash))
        return f"scrypt:{self.cost}:{self.block}:{self.parallel}:{salt}:{hashed}"

    def fits(self, password: str) -> bool:
        """Whether this is the password; takes as long for a wrong one."""
        return hmac.compare_digest(
            _computed(password, self.salt, self.cost, self.block, self.parallel), self.hash
        )


def hashed(password: str) -> Hashed:
    """Make a password into what is kept of it; raises `WrongUse` if it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WrongUse(
            f"The password has to have {SHORTEST} to {LONGEST:,} characters. Three or four words that do not "
            "belong together are easy to remember and hard to guess."
        )
    salt = token_bytes(_SALT_BYTES)
    computed = _computed(password, salt, _COST, _BLOCK, _PARALLEL)
    return Hashed(_COST, _BLOCK, _PARALLEL, salt, computed)


def typed() -> str:
    """Ask twice for a new password without showing it; a script sends it once, as one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("New password for the staff's desk: ")
    if password != getpass("The same again: "):
        raise WrongUse("The two are not the same. Nothing was made; try again.")
    return password


def setting(password: str) -> str:
    """Write the line for the .env file."""
    return f"{VARIABLE}={hashed(password).write()}"


def _computed(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    written = unicodedata.normalize("NFC", password[:LONGEST]).encode(errors="replace")
    return scrypt(written, salt=salt, n=cost, r=block, p=parallel, dklen=_HASH_BYTES, maxmem=2 * _MOST_MEMORY)
