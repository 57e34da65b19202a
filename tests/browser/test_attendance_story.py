"""A class is scheduled and its attendance kept: at a desk by keyboard alone, and on a phone.

The demo's running batch "Las II" has two meetings whose attendance is missing.
"""

import re

import pytest

from tests.browser.product import Person

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def people_of(browser, product):
    """Signed-in users by name, each in a window of their own."""
    windows = {}

    def window(name, *, phone=False):
        address = name if "@" in name else f"{name}@cilegon.test"
        if name not in windows:
            windows[name] = Person(browser, product, address, phone=phone)
        return windows[name]

    return window


def to_mark(person, place):
    """The page of the n-th meeting of Las II whose attendance is missing."""
    page = person.page
    page.goto("/meetings/?attendance=missing")
    rows = page.locator("table tbody tr", has_text="Las II")
    rows.nth(place).locator("a").first.click()
    page.wait_for_load_state()
    return page


def test_step_1_the_officer_fills_a_meeting_by_keyboard_alone(people_of):
    officer = people_of("officer")
    page = to_mark(officer, 0)
    number = re.search(r"\d+", page.locator("h1").inner_text())[0]
    page.get_by_role("link", name="Isi kehadiran").click()
    page.get_by_role("link", name="Semua pertemuan").click()
    page.goto(f"{page.url}?at={number}")
    column = page.locator("table.marks thead th").evaluate_all(
        "(heads, n) => heads.findIndex((head) => head.dataset.number === n)", number
    )
    cells = page.locator(f"table.marks tbody tr td:nth-child({column + 1})")
    # Rows stand by codes, which chance gives: who has left or is kept away may be any of them.
    is_there = [text not in ("·", "–") for text in cells.all_inner_texts()]
    keys, marks = page.keyboard, iter([("T", "5", "ArrowDown"), ("s",), ("i",)])
    for one in is_there:
        for key in next(marks, ("h",)) if one else ("ArrowDown",):
            keys.press(key)
            if key in ("T", "5"):
                page.locator("#mark-status:not(:empty)").wait_for(state="attached")
    page.locator(f"th.held[data-number='{number}']").wait_for()
    texts = cells.all_inner_texts()
    filled = [text for text, one in zip(texts, is_there, strict=True) if one]
    assert filled[:3] == ["T5", "S", "I"]
    assert set(filled[3:]) == {"H"}
    assert not page.locator("#mark-alert").inner_text()
    officer.shows("attendance-grid")


def test_step_2_after_the_session_nothing_is_called_saved(people_of):
    officer = people_of("officer")
    page = to_mark(officer, 0)
    page.get_by_role("link", name="Isi kehadiran").click()
    officer.context.clear_cookies(name="sessionid")
    last = page.locator(".roll > li").last
    last.locator("label", has_text="Sakit").click()
    last.get_by_text("Tidak tersimpan").wait_for()
    page.get_by_role("link", name="Semua pertemuan").click()
    assert page.url.partition("?")[0].endswith("/login/")


def test_step_3_the_liaison_keeps_attendance_on_a_phone(people_of):
    liaison = people_of("blk@kota.test", phone=True)
    page = to_mark(liaison, 0)
    page.get_by_role("link", name="Isi kehadiran").click()
    first = page.locator(".roll > li").first
    first.locator("label", has_text="Sakit").click()
    first.get_by_text("tersimpan").wait_for()
    page.reload()
    assert first.locator("input:checked").get_attribute("value") == "S"
    second = page.locator(".roll > li").nth(1)
    page.route("**/cell/", lambda route: route.fulfill(status=503, body="<h1>Sebentar</h1>"))
    second.locator("label", has_text="Izin").click()
    second.get_by_text("Dicoba lagi").wait_for()
    page.unroute("**/cell/")
    second.get_by_text("tersimpan", exact=True).wait_for()
    assert "503" in liaison.problems.pop()
    page.get_by_role("button", name="Yang belum dicatat: semua hadir").click()
    page.wait_for_load_state()
    assert page.get_by_role("button", name="Yang belum dicatat").count() == 0
    liaison.shows("attendance-phone")
