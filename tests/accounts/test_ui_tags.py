import re
from datetime import date, timedelta
from pathlib import Path

import lucide
import pghistory
import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from accounts import badges
from accounts.history import timeline
from accounts.templatetags import ui
from partners.models import Agency, Agreement
from partners.states import AgreementState
from tests.factories.partners import (
    AgencyFactory,
    AgreementFactory,
    PartnershipFactory,
    liaison_of,
)


def render(text, **context):
    return Template(text).render(Context(context))


def day(offset):
    return timezone.localdate() + timedelta(days=offset)


def test_a_day_is_written_in_the_language_of_the_page():
    page = "{{ day|date:'l, j F Y' }}|{{ none|date:'j F Y' }}|{{ day|date }}"
    of_page = {"day": date(2026, 8, 17), "none": None}
    for _again in range(2):
        with translation.override("id"):
            assert render(page, **of_page) == "Senin, 17 Agustus 2026||17 Agustus 2026"
        with translation.override("en"):
            assert render(page, **of_page) == "Monday, 17 August 2026||17 August 2026"


@pytest.mark.parametrize(
    ("offset", "words", "tone"),
    [
        (-3, "lewat 3 hari", "bad"),
        (0, "hari ini", "wait"),
        (1, "besok", "wait"),
        (14, "14 hari lagi", "wait"),
        (15, "15 hari lagi", "quiet"),
    ],
)
def test_days_left_speaks_and_warns(offset, words, tone):
    html = render("{% days_left day %}", day=day(offset))
    assert words in html
    assert f"tag-{tone}" in html


def test_a_state_is_shown_in_words_and_colour():
    agreement = AgreementFactory.build(state=AgreementState.SIGNED)
    html = render("{% state_badge obj %}", obj=agreement)
    assert "Ditandatangani" in html
    assert "tag-good" in html


def test_masked_keeps_only_the_last_four():
    assert render("{{ n|masked }}", n="3672011705900001") == "••••••••••••0001"
    assert render("{{ n|masked }}", n="") == ""


def test_an_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in render('{% icon "bell" %}')


def test_every_icon_that_a_template_names_exists():
    pattern = re.compile(r"""(?:{% icon |icon_name=|icon_name\|default:)"([a-z0-9-]+)\"""")
    folder = Path(settings.BASE_DIR) / "templates"
    names = {name for path in folder.rglob("*.html") for name in pattern.findall(path.read_text())}
    assert names
    for name in names:
        lucide._load_icon(name)


def test_form_problems_point_to_their_inputs():
    class Visit(forms.Form):
        held_on = forms.DateField(label="Tanggal")

    problems = ui.form_problems(Visit({"held_on": "kemarin"}))
    assert [(p["id"], p["label"]) for p in problems] == [("id_held_on", "Tanggal")]


@pytest.mark.django_db
def test_may_asks_for_the_prison(officer, facility, outsider):
    template = '{% may "plan_batch" place as ok %}{{ ok }}'
    assert render(template, user=officer, place=facility.pk) == "True"
    assert render(template, user=outsider, place=facility.pk) == "False"


@pytest.mark.django_db
class TestHistory:
    def test_it_tells_who_changed_what_from_what_to_what(self, officer, facility):
        agreement = AgreementFactory(facility=facility, title="PKS lama")
        with pghistory.context(user=officer.pk, name="Budi Petugas"):
            agreement.title = "PKS baru"
            agreement.ends_on = day(30)
            agreement.save()
        newest, oldest = timeline(agreement, officer)
        assert oldest.what == "Dicatat"
        assert newest.who == "Budi Petugas"
        assert {(c.label, c.old) for c in newest.changes} == {
            ("judul", "PKS lama"),
            ("berlaku sampai", ""),
        }

    def test_who_did_it_is_said_once_and_not_as_a_field_too(self, officer):
        agency = AgencyFactory()
        liaison = liaison_of(agency).liaisons.get()
        liaison.suspended_at, liaison.suspended_by = timezone.now(), officer
        with pghistory.context(user=officer.pk, name="Budi Petugas"):
            liaison.save()
        html = render("{% history obj %}", obj=liaison, user=officer)
        assert html.count("Budi Petugas") == 1
        assert "uspended by" not in html

    def test_a_day_by_which_is_no_person(self, officer, facility):
        agreement = AgreementFactory(facility=facility)
        agreement.answer_by = day(9)
        agreement.save()
        (change,) = timeline(agreement, officer)[0].changes
        assert change.label == Agreement._meta.get_field("answer_by").verbose_name

    def test_a_move_of_state_is_its_headline(self, officer, facility):
        agreement = AgreementFactory(facility=facility)
        agreement.state = AgreementState.REVIEW
        agreement.save()
        newest, _oldest = timeline(agreement, officer)
        assert newest.what == "Telaah"

    def test_a_masked_field_only_says_that_it_changed(self, officer, monkeypatch):
        monkeypatch.setattr(Agency, "privacy", {"phone": "mask"}, raising=False)
        agency = AgencyFactory(phone="021-1")
        agency.phone = "021-2"
        agency.save()
        html = render("{% history obj %}", obj=agency, user=officer)
        assert "Telepon diubah" in html
        assert "021-2" not in html

    def test_a_reference_is_named_only_to_whoever_may_see_it(self, officer, facility, outsider):
        mine = PartnershipFactory(facility=facility).agency
        agreement = AgreementFactory(facility=facility, agency=mine)
        agreement.agency = PartnershipFactory(
            facility=facility, agency=AgencyFactory(name="BLK Lain")
        ).agency
        agreement.save()
        assert timeline(agreement, officer)[0].changes[0].new == "BLK Lain"
        assert timeline(agreement, outsider)[0].changes[0].hidden

    def test_it_asks_the_same_number_of_queries_for_a_long_history(
        self, officer, facility, django_assert_num_queries
    ):
        agreement = AgreementFactory(facility=facility)
        for number in range(5):
            agreement.title = f"PKS {number}"
            agreement.save()
        with django_assert_num_queries(1):
            assert len(timeline(agreement, officer)) == 6

    def test_an_act_of_the_machine_has_no_name(self, officer, facility):
        html = render("{% history obj %}", obj=AgreementFactory(facility=facility), user=officer)
        assert "sistem" in html


@pytest.mark.django_db
def test_pages_of_a_list_keep_the_other_parameters(rf):
    request = rf.get("/?name=a&page=3")
    assert ui.page_link({"request": request}, 4) == "?name=a&page=4"
    assert ui.csv_link({"request": request}) == "?name=a&format=csv"


def test_tones_do_not_contradict_each_other():
    states = [state for tone in badges.TONES.values() for state in tone]
    assert len(states) == len(set(states))
    assert badges.tone_of("exploring") == "quiet"


@pytest.mark.parametrize(
    ("language", "number", "written"),
    [
        ("id", 0, "0"),
        ("id", 999, "999"),
        ("id", 1000, "1.000"),
        ("id", -1500, "-1.500"),
        ("id", 1_009_648, "1.009.648"),
        ("en", 1_009_648, "1,009,648"),
    ],
)
def test_large_numbers_are_written_in_groups(language, number, written):
    with translation.override(language):
        assert Template("{{ n|counted }}").render(Context({"n": number})) == written
