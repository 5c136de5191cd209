"""Certificate chains that workers learned, for the workers that start later.

So a worker that replaces another answers at once, even while the certificate host is out of reach.
"""

import os
import tempfile

import orjson


class Shelf:
    """A file without a name, shared by a process and its forks, that ends with the last of them.

    It holds what is public: addresses and chains of Alexa's. Whoever takes one from here checks it.
    """

    MOST_BYTES = 1024 * 1024
    """Far more than a server learns in years: Amazon has one chain at a time."""

    def __init__(self) -> None:
        self._file, path = tempfile.mkstemp()
        os.unlink(path)

    def put(self, url: str, pem: bytes) -> None:
        """Leaves the chain at this address for others; OSError where that cannot be."""
        if os.fstat(self._file).st_size < self.MOST_BYTES:
            os.write(self._file, orjson.dumps([url, pem.decode("latin-1")]) + b"\n")

    def chains(self) -> dict[str, bytes]:
        """The PEM bytes by address; OSError or ValueError where they cannot be read."""
        lines = os.pread(self._file, 2 * self.MOST_BYTES, 0).splitlines()
        return {url: pem.encode("latin-1") for url, pem in map(orjson.loads, lines)}
