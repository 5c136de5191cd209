"""Certificate chains that workers learned, for the workers that start later.

So a worker that replaces another answers at once, even while the certificate host is out of reach.
"""

import fcntl
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import orjson


class Shelf:
    """A file that a process shares with its forks; in a folder it outlives them all.

    It holds what is public: addresses and chains of Alexa's. Whoever takes one from here checks it.
    Without a folder it has no name, and ends with the last of them. OSError where it cannot be.
    """

    MOST_BYTES = 1024 * 1024
    """Far more than a server learns in years: Amazon has one chain at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = _nameless() if folder is None else _named(folder)
        fcntl.fcntl(self._file, fcntl.F_SETFL, os.O_APPEND)
        self._read: tuple[tuple[int, int], dict[str, bytes]] | None = None

    def put(self, url: str, pem: bytes) -> None:
        """Leaves the chain at this address for others; OSError where that cannot be."""
        if self.chains().get(url) == pem:
            return
        if os.fstat(self._file).st_size > self.MOST_BYTES:
            os.ftruncate(self._file, 0)
        # A full disk may have cut the line before this one.
        os.write(self._file, b"\n" + orjson.dumps([url, pem.decode("latin-1")]) + b"\n")

    def chains(self) -> dict[str, bytes]:
        """The PEM bytes by address, the latest last; OSError where they cannot be read."""
        status = os.fstat(self._file)
        version = (status.st_size, status.st_mtime_ns)
        if self._read is None or self._read[0] != version:
            self._read = (version, self._on_file())
        return self._read[1]

    def _on_file(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for line in os.pread(self._file, 2 * self.MOST_BYTES, 0).split(b"\n"):
            with suppress(ValueError):
                match orjson.loads(line):
                    case [str(url), str(pem)]:
                        found.pop(url, None)
                        found[url] = pem.encode("latin-1")
        return found


def _named(folder: Path) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(folder / "chains.jsonl", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _nameless() -> int:
    if hasattr(os, "memfd_create"):  # in memory, where no disk can be full or read-only
        return os.memfd_create("chains")
    file, path = tempfile.mkstemp()
    os.unlink(path)
    return file
