"""Counters that several processes of one machine share: files of one folder (`METRICS_DIR`).

A file is named by what its process is, not by its number: a process that takes another's place
goes on counting where that one stopped, so the folder does not grow. Nothing here loads Django or
the library of metrics, which decides how it counts when it is loaded.
"""

import contextlib
import os
from pathlib import Path

from lapasprog.embedded import var_dir

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own variable; `share` sets it
NAME = "LAPASPROG_PROCESS"  # which process this is, among those that share the folder
WEB, WORKER = "web", "worker"


def folder():
    return Path(os.environ.get("METRICS_DIR") or var_dir() / "metrics")


def share(name):
    """Before anything is counted: this process and its children are `name` in the folder."""
    folder().mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER], os.environ[NAME] = str(folder()), name


def share_as_worker():
    """The same for a Celery worker, whose children number themselves."""
    share(f"{WORKER}-{os.getpid()}")
    for left in folder().glob(f"*_{WORKER}-*.db"):
        main = left.stem.rpartition("_")[2].split("-")[1]
        if not Path("/proc", main).exists():
            left.unlink(missing_ok=True)


def process_name():
    """The name of this process, without `_` (the library parts its file names there)."""
    index = None
    with contextlib.suppress(ImportError):
        from billiard import current_process

        index = getattr(current_process(), "index", None)  # of a worker's child
    name = os.environ.get(NAME) or str(os.getpid())
    return (name if index is None else f"{name}-{index}").replace("_", "-")


def files_of_here():
    """The files of this web's own processes and of all workers beside it."""
    own = process_name().rpartition("-")[0]  # without the number of the process
    return [
        str(path)
        for path in Path(os.environ[FOLDER]).glob("*.db")
        if path.stem.partition("_")[2].startswith((f"{own}-", WORKER))
    ]
