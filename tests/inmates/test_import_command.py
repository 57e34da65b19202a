"""`import_register` from the shell: the page's code path, and a report as JSON."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from inmates.models import ImportRow, ImportRun, Inmate
from tests.inmates.register_files import as_csv, as_xlsx, people, trapped

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register"


def run(path, *options):
    out = io.StringIO()
    call_command("import_register", str(path), "--facility", "CLG", *options, stdout=out)
    return out.getvalue()


def test_it_reports_as_json_and_again_changes_nothing(facility, path):
    rows, expected = trapped()
    path.write_bytes(as_csv(rows).getvalue())
    report = json.loads(run(path, "--json"))
    assert {name: report[name] for name in expected} == expected
    assert (report["updated"], report["unchanged"]) == (0, 0)
    assert set(report) == {
        *("new", "updated", "unchanged", "duplicate_rows", "warning_rows", "error_rows"),
        "remarks",
    }
    assert Inmate.objects.count() == expected["new"]
    report = json.loads(run(path, "--json"))
    assert (report["new"], report["unchanged"]) == (0, expected["new"])


def test_a_dry_run_reports_the_same_and_writes_nothing(facility, path, settings):
    rows, expected = trapped()
    path.write_bytes(as_xlsx(rows, without=("Foto", "Pekerjaan")).getvalue())
    report = json.loads(run(path, "--json", "--dry-run"))
    assert {name: report[name] for name in expected} == expected
    for model in (Inmate, ImportRun, ImportRow):
        assert not model.objects.exists()
    assert not [file for file in settings.MEDIA_ROOT.rglob("*") if file.is_file()]


def test_without_json_it_reports_in_lines(facility, path):
    path.write_bytes(as_csv(people(2)).getvalue())
    assert "new: 2" in run(path, "--dry-run")


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"No,Nama\n1,ANI\n", "Nomor Induk"),
    ],
)
def test_what_is_no_register_ends_in_one_sentence(facility, path, content, words, options):
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        run(path, *options)
    assert not ImportRun.objects.exists()


def test_unknown_prison_file_and_day_are_told(facility, path):
    with pytest.raises(CommandError, match="No such file"):
        run(path)
    path.write_bytes(as_csv(people(1)).getvalue())
    with pytest.raises(CommandError):
        run(path, "--as-of", "kapan-kapan")
    with pytest.raises(CommandError, match="NIX"):
        call_command("import_register", str(path), "--facility", "NIX")
