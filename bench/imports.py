"""Import of a register: `python -m bench.imports ROWS` reads and applies one, and prints JSON.

A process of its own, so that its peak of memory is the import's. `plain` writes the same rows in
one transaction by COPY and four statements.
"""

import csv
import json
import os
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from bench.names import MEASURED

MOST_MS, MOST_X = 3.0, 3.0
BATCH = 500  # rows that are read, and written, at a time
HEADERS = (
    *("No Induk", "Nama", "NIK", "No Reg Instansi", "Golongan Registrasi", "Tgl Masuk UPT"),
    *("Tempat Lahir", "Tanggal Lahir", "Jenis Kelamin", "Pendidikan", "Alamat", "Kota"),
    *("Tanggal Mulai Ditahan", "Lama Pidana Tahun", "Lama Pidana Bulan", "Lama Pidana Hari"),
    *("1/3 Masa Pidana", "1/2 Masa Pidana", "2/3 Masa Pidana", "Tgl Ekspirasi"),
)
PLAIN = """
CREATE TEMP TABLE sheet (key text, name text, nik text, number text, class text, starts text,
    born_at text, born text, sex text, education text, address text, city text, since text,
    years int, months int, days int, third text, half text, two text, expires text) ON COMMIT DROP;
COPY sheet FROM STDIN (FORMAT csv, HEADER);
"""
WRITES = (
    "SELECT set_config('pgtrigger.ignore', '{}', true)",  # as the import: no trigger is ignored
    # The rows of the preview, which the import keeps, with and without their values.
    """INSERT INTO inmates_importrow (run_id, number, outcome, is_warning, name, person_key,
                                      messages, values, changes)
       SELECT %(run)s, row_number() OVER (), 'new', false, name, key, '[]',
              to_jsonb(sheet), '[]' FROM sheet""",
    """INSERT INTO inmates_inmate (person_key, name, search_name, nik_cipher, nik_digest, nik_key,
                                   nik_last4, birth_place, birth_date, sex, education, address,
                                   city)
       SELECT key, name, lower(name), convert_to(md5(nik) || md5(nik) || md5(nik), 'UTF8'),
              encode(sha256(nik::bytea), 'hex'), '1', right(nik, 4), born_at,
              to_date(born, 'DD/MM/YYYY'), sex, education, address, city FROM sheet""",
    """INSERT INTO inmates_custody (inmate_id, facility_id, register_number, register_class,
                                    starts, ended_how)
       SELECT i.id, %(facility)s, number, class, to_date(starts, 'DD/MM/YYYY'), ''
         FROM sheet JOIN inmates_inmate i ON i.person_key = key""",
    """INSERT INTO inmates_sentence (inmate_id, as_of, detained_since, years, months, days,
                                     remission_months, remission_days, one_third, one_half,
                                     two_thirds, expires)
       SELECT i.id, current_date, to_date(since, 'DD/MM/YYYY'), years, months, days, 0, 0,
              to_date(third, 'DD/MM/YYYY'), to_date(half, 'DD/MM/YYYY'),
              to_date(two, 'DD/MM/YYYY'), to_date(expires, 'DD/MM/YYYY')
         FROM sheet JOIN inmates_inmate i ON i.person_key = key""",
    "UPDATE inmates_importrow SET values = '{}' WHERE run_id = %(run)s",
)


def sheet(rows, path, begins=0):
    """A register of so many people, as a CSV; `begins` is the number of the first."""
    from bench.seed.words import FIRST, SECOND, THIRD

    lists = [words.split() for words in (FIRST, SECOND, THIRD)]
    today = date.today()
    with path.open("w", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(HEADERS)
        for n in range(begins, begins + rows):
            since = today - timedelta(days=60 + n % 900)
            total = 400 + n % 1500
            name = " ".join(words[n // 7**k % len(words)] for k, words in enumerate(lists)).upper()
            part = [since + timedelta(days=total * k // 6) for k in (2, 3, 4, 6)]
            born = today - timedelta(days=7300 + n % 14000)
            lines.writerow(
                [
                    f"Z{n:09d}",
                    f"{name} {n}",
                    f"36720{n % 28 + 10:02d}{n % 90 + 10:02d}{n % 80 + 10:02d}{n:05d}"[:16],
                    f"B.I {n}/2026",
                    "B.I",
                    f"{since:%d/%m/%Y}",
                    "Cilegon",
                    f"{born:%d/%m/%Y}",
                    "L",
                    "SMP",
                    f"Jalan Uji {n}",
                    "Kota Cilegon",
                    f"{since:%d/%m/%Y}",
                    total // 365,
                    total % 365 // 30,
                    total % 365 % 30,
                    *(f"{day:%d/%m/%Y}" for day in part),
                ]
            )


def imported(rows, path):
    """Upload, read and apply as a worker does; statements as the driver sent them.

    An import of a single batch comes first: what it took is what each import begins and ends with,
    and one batch. The other statements are those of the batches that this one has more.
    """
    first = path.with_stem(f"{path.stem}-first")
    sheet(BATCH, first, begins=rows)
    fewest = _imported(BATCH, first)["statements"]
    first.unlink()
    told = _imported(rows, path)
    more = told.pop("statements") - fewest
    return {**told, "statements_a_batch": round(more / (rows / BATCH - 1), 2)}


def _imported(rows, path):
    from django.db import connection

    from accounts.models import Facility
    from inmates.services import register_import

    prison = Facility.objects.get(code=MEASURED)
    counted = 0

    def count(execute, sql, params, many, context):
        nonlocal counted
        counted += 1
        return execute(sql, params, many, context)

    before = _peak()
    began = time.monotonic()
    with path.open("rb") as stream, connection.execute_wrapper(count):
        run = register_import.upload(
            facility=prison, file=stream, file_name="uji.csv", as_of=None, by=None, queue=False
        )
        run = register_import.read(run=run)
        read = time.monotonic() - began
        if run.state != "ready":
            raise SystemExit(f"the import is {run.state}: {run.failure} {run.report}")
        run = register_import.apply(run=run, by=None)
    took = time.monotonic() - began
    return {
        "rows": rows,
        "new": run.report["new"],
        "seconds": round(took, 1),
        "read_s": round(read, 1),
        "ms_a_row": round(took * 1000 / rows, 2),
        "statements": counted,
        "before_mb": before,
        "peak_mb": _peak(),
    }


def plain(path):
    """Seconds of the same rows written by hand, in one transaction."""
    from django.db import connections, transaction

    from accounts.models import Facility
    from inmates.models import ImportRun

    prison = Facility.objects.get(code=MEASURED)
    run = ImportRun.objects.create(facility=prison, file_name="uji.csv", as_of=date.today())
    began = time.monotonic()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        create, copy = [each for each in PLAIN.split(";\n") if each.strip()]
        cursor.execute(create)
        with path.open() as stream:
            cursor.cursor.copy_expert(copy, stream)
        cursor.execute("ANALYZE sheet")
        for sql in WRITES:
            cursor.execute(sql, {"run": run.pk, "facility": prison.pk})
    return round(time.monotonic() - began, 1)


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(rows, how):
    import django

    django.setup()
    path = Path(os.environ["LAPASPROG_VAR"]) / f"register-{rows}.csv"
    sheet(rows, path)
    print(json.dumps(imported(rows, path) if how == "app" else {"seconds": plain(path)}))
    path.unlink()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
