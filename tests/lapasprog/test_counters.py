"""Counters on a disk that is full: a process goes on, and what it counted before can be read."""

import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict

from lapasprog.watching.counters import FIRST, ReservedDict
from tests.lapasprog.test_trouble import little_room


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "counter_web-1.db")


def told(path):
    return {key: value for key, value, _time, _pos in MmapedDict.read_all_values_from_file(path)}


def test_its_file_has_room_for_all_that_it_says_to_hold(path):
    counted = ReservedDict(path)
    for number in range(1000):
        counted.write_value(f"views-{number:0100}", number, 0)
    size = counted._f.seek(0, 2)
    assert size > FIRST
    blocks = int(subprocess.check_output(["stat", "-c", "%b", path]))
    assert blocks * 512 >= size
    assert len(told(path)) == 1000


def test_without_room_from_the_first_it_counts_for_itself(path):
    with little_room():
        counted = ReservedDict(path)
        for number in range(1000):
            counted.write_value(f"views-{number:0100}", number, 0)
    assert counted.read_value(f"views-{7:0100}")[0] == 7
    assert not Path(path).read_bytes().strip(b"\0")


def test_what_finds_no_further_room_goes_on_with_what_it_counted(path):
    with little_room(FIRST):
        counted = ReservedDict(path)
        for number in range(1000):
            counted.write_value(f"views-{number:0100}", number, 0)
        counted.write_value(f"views-{3:0100}", 30, 0)
    assert [counted.read_value(f"views-{number:0100}")[0] for number in (3, 7, 999)] == [30, 7, 999]
    kept = told(path)
    assert kept[f"views-{7:0100}"] == 7
    assert len(kept) < 1000


def test_the_library_counts_with_it():
    """In a process that shares its counters, as every web does."""
    said = subprocess.check_output(
        [
            sys.executable,
            "-c",
            "import os, tempfile; os.environ['PROMETHEUS_MULTIPROC_DIR'] = tempfile.mkdtemp();"
            "from lapasprog.watching import metrics; from prometheus_client import values;"
            "metrics.SLOW.labels('request').inc();"
            "print(values.MmapedDict.__name__, metrics.SLOW.labels('request')._value.get())",
        ],
        text=True,
    )
    assert said.split() == ["ReservedDict", "1.0"]
