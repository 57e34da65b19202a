"""The pages that show all agreements at once: list with its quick links, timeline, calendar."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Holiday
from partners.models import Agreement, Obligation
from tests.factories.accounts import FacilityFactory
from tests.factories.partners import (
    ActionItemFactory,
    AgencyFactory,
    AgreementFactory,
    ObligationFactory,
    SignedAgreementFactory,
    today,
)
from tests.partners.steps import body, page

pytestmark = pytest.mark.django_db


def duty(agreement, due, **more):
    return Obligation.objects.create(
        agreement=agreement, party="prison", what="Kirim laporan", due=due, **more
    )


@pytest.fixture
def some(facility, agency):
    """Agreements of every kind that a filter looks for, and some of another prison."""

    def signed(**more):
        return SignedAgreementFactory(facility=facility, agency=agency, **more)

    rows = {
        "long": signed(title="PKS Panjang"),
        "soon": signed(title="PKS Segera", ends_on=today(40)),
        "ended": signed(title="PKS Lewat", ends_on=today(-3)),
        "old draft": AgreementFactory(facility=facility, agency=agency, title="Naskah lama"),
        "new draft": AgreementFactory(facility=facility, agency=agency, title="Naskah baru"),
    }
    Agreement.objects.filter(pk=rows["old draft"].pk).update(
        created_at=timezone.now() - timedelta(days=100)
    )
    duty(rows["long"], today(-1))
    duty(rows["soon"], today(5))
    duty(rows["ended"], today(-9), done_on=today(-9))
    elsewhere = SignedAgreementFactory(facility=FacilityFactory(), agency=AgencyFactory())
    duty(elsewhere, today(-1))
    return rows


def titles(answer):
    return {row.record.title for row in answer.context["table"].rows}


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("ending=60", {"PKS Segera"}),
            ("ending=10", set()),
            ("status=past_notice", {"PKS Segera"}),
            ("unsigned=60", {"Naskah lama"}),
            ("unsigned=0", {"Naskah lama", "Naskah baru"}),
            ("obligations=late", {"PKS Panjang"}),
            ("obligations=open", {"PKS Panjang", "PKS Segera"}),
            (f"on={today(-5)}", {"PKS Panjang", "PKS Segera", "PKS Lewat"}),
            ("on=0001-01-01", set()),
            ("status=unsigned&kind=pks", {"Naskah lama", "Naskah baru"}),
        ],
    )
    def test_each_finds_its_rows(self, login, officer, some, query, expected):
        answer = login(officer).get(page("agreement-list") + f"?{query}")

        assert titles(answer) == expected

    @pytest.mark.parametrize("query", ["ending=-1", "ending=x", "unsigned=99999", "on=kemarin"])
    def test_nonsense_finds_nothing_and_says_why(self, login, officer, some, query):
        answer = login(officer).get(page("agreement-list") + f"?{query}")

        assert (answer.status_code, titles(answer)) == (200, set())
        assert answer.context["filter"].form.errors

    def test_every_quick_link_counts_what_is_behind_it(self, login, officer, some):
        client = login(officer)
        links = client.get(page("agreement-list")).context["quick"]
        assert [link["number"] for link in links] == [2, 1, 1, 1, 1]

        for link in links:
            answer = client.get(page("agreement-list") + f"?{link['query']}")
            assert len(answer.context["table"].rows) == link["number"], link
            assert [each["is_current"] for each in answer.context["quick"]].count(True) == 1

    def test_a_liaison_counts_what_a_liaison_sees(self, login, liaison, some):
        links = login(liaison).get(page("agreement-list")).context["quick"]

        assert [link["number"] for link in links] == [2, 1, 1, 0, 1]

    def test_the_csv_holds_the_filtered_rows(self, login, officer, some):
        answer = login(officer).get(page("agreement-list") + "?ending=60&format=csv")

        text = b"".join(answer.streaming_content).decode()
        assert "PKS Segera" in text
        assert "PKS Panjang" not in text


class TestTimeline:
    def test_each_agreement_is_a_bar_a_row_and_a_link(self, login, officer, some):
        text = body(login(officer).get(page("agreement-timeline")))

        assert text.count('class="term-bar term-') >= 3
        for key in ("long", "soon", "ended"):
            assert text.count(f'href="{some[key].get_absolute_url()}"') == 2, key
        for key in ("old draft", "new draft"):
            assert text.count(f'href="{some[key].get_absolute_url()}"') == 1, key
        assert "Kirim laporan" in text

    def test_years_and_filters_come_from_the_address(self, login, officer, some):
        client = login(officer)

        nothing = client.get(page("agreement-timeline") + "?from=2050&to=2051")
        one = client.get(page("agreement-timeline") + "?ending=60")

        assert some["long"].title not in body(nothing)
        assert some["soon"].title in body(one)
        assert some["long"].title not in body(one)

    @pytest.mark.parametrize("query", ["", "?state=signed"])
    def test_what_is_open_stands_at_its_own_agreement(self, login, officer, facility, query):
        one, other = SignedAgreementFactory.create_batch(2, facility=facility)
        late = ObligationFactory(agreement=one, what="Ruang <praktik>", due=today(-3))
        ObligationFactory(agreement=one, what="Instruktur", due=today(20))
        ObligationFactory(agreement=other, what="Sudah selesai", done_on=today(-1))
        SignedAgreementFactory()

        text = body(login(officer).get(page("agreement-timeline") + query))

        assert text.count("Ruang &lt;praktik&gt;") == 2  # in the picture and in the table
        row = text.index(f'<tr><td class="wide">{one.agency.name}')
        told = text[row : text.index("</tr>", row)]
        assert f"{late.get_party_display()}: Ruang &lt;praktik&gt;), <strong>terlambat" in told
        assert "Instruktur" in told
        assert "Sudah selesai" not in text

    @pytest.mark.parametrize("query", ["", "?kind=pks"])
    def test_what_has_no_term_yet_is_listed_below(self, login, officer, facility, query):
        undated = AgreementFactory(facility=facility, starts_on=None, ends_on=None, title="A < B")
        AgreementFactory(starts_on=None, ends_on=None, title="Lapas lain")

        text = body(login(officer).get(page("agreement-timeline") + query))

        assert f'<a href="{undated.get_absolute_url()}">A &lt; B</a>' in text
        assert "Lapas lain" not in text

    def test_a_filter_that_is_none_is_told(self, login, officer, some):
        answer = login(officer).get(page("agreement-timeline") + "?ending=x")

        assert answer.status_code == 422

    def test_without_agreements_it_says_what_to_do(self, login, officer):
        assert page("agreement-list") in body(login(officer).get(page("agreement-timeline")))

    def test_a_liaison_sees_only_what_is_on_the_table(self, login, liaison, other_liaison, some):
        assert some["old draft"].title not in body(login(liaison).get(page("agreement-timeline")))
        assert some["long"].title not in body(login(other_liaison).get(page("agreement-timeline")))

    def test_a_renewal_shares_the_row_and_leaves_nothing_to_propose(
        self, login, officer, facility, agency
    ):
        old = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(30))
        SignedAgreementFactory(
            facility=facility, agency=agency, renews=old, starts_on=today(31), ends_on=today(700)
        )

        picture = login(officer).get(page("agreement-timeline")).context["picture"]

        (first, second) = picture.lanes[0].bars
        assert first.row == second.row
        assert "notice" not in {mark.kind for mark in first.term.marks}
        assert "notice" in {mark.kind for mark in second.term.marks}

    def test_no_style_or_script_stands_in_the_page(self, login, officer, some):
        text = body(login(officer).get(page("agreement-timeline")))

        assert not re.search(r"\sstyle=|<style|<script(?! src)", text)


class TestCalendar:
    def test_the_month_holds_what_falls_into_it(self, login, officer, facility, agency):
        end = today(700)
        signed = SignedAgreementFactory(
            facility=facility, agency=agency, title="PKS Barista", ends_on=end
        )
        duty(signed, end.replace(day=2))
        ActionItemFactory(
            engagement__facility=facility,
            engagement__agency=agency,
            what="Kirim proposal",
            due=end.replace(day=3),
        )
        Holiday.objects.get_or_create(day=end.replace(day=4), defaults={"name": "Libur uji"})

        answer = login(officer).get(page("agreement-calendar") + f"?month={end:%Y-%m}")

        kinds = [entry.kind for entry in answer.context["entries"]]
        assert kinds.count("end") == kinds.count("obligation") == kinds.count("promise") == 1
        text = body(answer)
        assert "PKS Barista" in text
        assert "Kirim proposal" in text
        days = {day.day: day for week in answer.context["weeks"] for day in week}
        assert days[end.replace(day=4)].holiday
        assert not days[end.replace(day=4)].is_working

    def test_weeks_begin_on_monday_and_hold_the_month(self, login, officer):
        weeks = login(officer).get(page("agreement-calendar") + "?month=2026-02").context["weeks"]

        assert {week[0].day.isoweekday() for week in weeks} == {1}
        inside = [day.day.day for week in weeks for day in week if day.is_of_month]
        assert inside == list(range(1, 29))

    @pytest.mark.parametrize("month", ["", "x", "2026-13", "9999-12", "1970-01", "2100-12"])
    def test_any_text_is_a_month_or_this_one(self, login, officer, month):
        assert login(officer).get(page("agreement-calendar") + f"?month={month}").status_code == 200

    def test_a_liaison_does_not_see_what_the_prison_promised_itself(
        self, login, liaison, facility, agency
    ):
        ActionItemFactory(
            engagement__facility=facility, engagement__agency=agency, what="Rahasia", due=today()
        )

        assert "Rahasia" not in body(login(liaison).get(page("agreement-calendar")))
