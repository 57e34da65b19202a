"""Import a register file from the shell: the same code path as the page."""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Facility
from inmates.register.files import NotARegister, RegisterFile, title_date
from inmates.register.headers import lacks
from inmates.register.tally import Tally, in_words
from inmates.rules import Unreadable, parse_date
from inmates.services import columns, register_import
from inmates.states import ImportState


class Command(BaseCommand):
    help = "Import an SDP register (CSV or XLSX) into a prison."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--facility", required=True, metavar="CODE")
        parser.add_argument("--as-of", metavar="DATE", help="default: the title's day, or today")
        parser.add_argument(
            "--complete",
            action="store_true",
            help="the file lists everybody in custody: note who is missing",
        )
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *, file, facility, as_of, dry_run, complete, **options):
        prison = Facility.objects.filter(code=facility).first()
        if prison is None:
            raise CommandError(f"no facility with code {facility}")
        try:
            day = parse_date(as_of)
            with file.open("rb") as stream:
                if dry_run:
                    report = self._preview(prison, stream, day)
                else:
                    report = self._import(prison, stream, file.name, day, complete)
        except (Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(self._shown(in_words(report), **options))

    def _preview(self, prison, stream, day):
        register, tally = RegisterFile(stream, columns.remembered(prison.pk)), Tally()
        if register.columns.missing:
            raise NotARegister(lacks(register.columns, register.header_row))
        day = day or title_date(register, timezone.localdate())
        for rows in register_import.classified(register, facility_id=prison.pk, as_of=day):
            for row in rows:
                tally.add(row.number, row.outcome, row.is_warning, row.messages)
        return tally.report()

    def _import(self, prison, stream, name, day, complete):
        run = register_import.upload(
            facility=prison,
            file=stream,
            file_name=name,
            as_of=day,
            is_complete=complete,
            by=None,
            queue=False,
        )
        run = register_import.read(run=run)
        if run.state == ImportState.UNCLEAR:
            raise CommandError(self._unclear(run))
        if run.state != ImportState.READY:
            raise CommandError(run.failure or f"import is {run.state}")
        return register_import.apply(run=run, by=None).report

    def _unclear(self, run):
        unknown = ", ".join(run.report["unknown_columns"])
        return (
            f"row {run.report['header_row']}: no column for"
            f" {', '.join(run.report['missing_fields'])}; a registrar says on"
            f" {run.get_absolute_url()} which of these holds it: {unknown}"
        )

    def _shown(self, report, *, json: bool, **_options):
        keys = ("new", "updated", "unchanged", "duplicate_rows", "warning_rows", "error_rows")
        if json:
            return dump({name: report[name] for name in (*keys, "remarks")})
        lines = [f"{name}: {report[name]}" for name in keys]
        lines += [f"row {found['row']}: {found['remark']}" for found in report["remarks"]]
        return "\n".join(lines)


def dump(report):
    return json.dumps(report, ensure_ascii=False)
