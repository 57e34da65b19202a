"""A registrar brings in a register with every trap, through the page and the real worker."""

import csv

import pytest

from tests.browser.product import Person
from tests.inmates.planted_register import planted
from tests.inmates.register_files import HEADERS, as_csv

pytestmark = pytest.mark.browser
FOREIGN = "Nama Lengkap Sesuai Putusan"
SLOW = 120_000  # the worker shares its machine with other tests


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A planted register whose names stand under a header that nobody knows yet."""
    made = planted(600)
    rows = [{**row, FOREIGN: row["Nama"]} for row in made.rows]
    headers = [FOREIGN if name == "Nama" else name for name in HEADERS]
    path = tmp_path_factory.mktemp("register") / "register.csv"
    path.write_bytes(as_csv(rows, headers=headers).getvalue())
    return made, path


@pytest.mark.parametrize("is_phone", [False, True])
def test_from_a_foreign_header_to_the_right_figures(product, browser, file, is_phone):
    made, path = file
    registrar = Person(browser, product, "registrar@cilegon.test", phone=is_phone)
    page = registrar.page
    page.goto("/inmates/import/")
    registrar.shows(f"import-upload-{is_phone}")
    page.set_input_files("[name=file]", path)
    registrar.press("Unggah dan periksa")
    if not is_phone:  # the answer of the first time is remembered
        page.get_by_label(FOREIGN).wait_for(timeout=SLOW)
        registrar.shows("import-columns")
        page.get_by_label(FOREIGN).select_option("name")
        registrar.press("Simpan arti kolom")
    page.get_by_role("heading", name="Semua baris").wait_for(timeout=SLOW)
    registrar.shows(f"import-preview-{is_phone}")
    registrar.press("Terapkan")
    done = "Tidak ada yang berubah" if is_phone else f"{len(made.people)} orang baru"
    page.get_by_text(done).wait_for(timeout=SLOW)
    registrar.shows(f"import-applied-{is_phone}")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    lines = list(csv.reader(text.splitlines()))[1:]
    assert [int(line[0]) for line in lines if line[3] == "Kesalahan"] == made.error_rows
    assert [int(line[0]) for line in lines if line[4] == "ya"] == made.warning_rows
    assert sum(line[3] == "Ganda dalam berkas" for line in lines) == len(made.duplicate_rows)
