"""The library's files of counters, on a disk that may be full.

They are written through memory, and a page of such a file that finds no room on the disk ends the
process at once (SIGBUS): every web, one request after the other. So the room is taken before
anything is written; where there is none, a process counts for itself alone.
"""

import logging
import mmap
import os

from prometheus_client.mmap_dict import MmapedDict

logger = logging.getLogger(__name__)

FIRST = 1 << 16  # bytes; a file that is full doubles
START = 8  # the library's own beginning of a file
FURTHER = 64  # bytes that an entry takes beside its name, at most


class ReservedDict(MmapedDict):
    """As the library's, but whatever of the file is written to has its room on the disk."""

    def __init__(self, filename, read_mode=False):
        if read_mode or _reserved(filename, FIRST):
            super().__init__(filename, read_mode)
        else:
            self._f, self._positions = None, {}
            self._m, self._capacity, self._used = mmap.mmap(-1, FIRST), FIRST, START

    def _init_value(self, key):
        if self._used + len(key.encode()) + FURTHER > self._capacity:
            self._make_room()
        super()._init_value(key)

    def _make_room(self):
        if self._f and _reserved(self._fname, 2 * self._capacity):
            return  # the library doubles it
        memory = mmap.mmap(-1, 2 * self._capacity)
        memory[: self._capacity] = self._m[:]
        self.close()
        self._m, self._capacity = memory, len(memory)


def _reserved(filename, least):
    """Whether the file has room for all of it, and for `least` bytes."""
    try:
        with open(filename, "ab") as file:
            size = os.fstat(file.fileno()).st_size
            os.posix_fallocate(file.fileno(), 0, max(size, least))
    except OSError as error:
        logger.warning("no room for counters: this process counts for itself alone (%s)", error)
        return False
    return True
