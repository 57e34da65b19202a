"""A posting ends: its open work is shown, moved, written down, and the next holder reminded."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Posting, User
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from correspondence.services import leaving
from correspondence.services.sweep import sweep
from correspondence.states import NoticeState
from partners.models import ActionItem, Obligation
from partners.states import Party
from reports import work
from reports.models import Handover
from reports.services import handover
from tests.factories.accounts import FacilityFactory, PostingFactory, UserFactory, staff
from tests.factories.partners import (
    ActionItemFactory,
    AgreementFactory,
    EngagementFactory,
    SignedAgreementFactory,
    liaison_of,
    today,
)
from tests.factories.training import BatchFactory
from tests.races import race

pytestmark = pytest.mark.django_db


def end(posting, by, **fields):
    return handover.end(posting=posting, by=by, **{"last_day": today(), **fields})


def text_of(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


class TestWhoSucceeds:
    def test_nobody_takes_anothers_post_by_their_own_act(self, posting, head):
        with pytest.raises(NotAllowed) as refused:
            end(posting, head, successor=head)
        assert "successor" in refused.value.error_dict

    def test_the_next_warden_is_named_by_the_warden_only(self, warden, head, successor):
        post = warden.postings.get()
        with pytest.raises(NotAllowed) as refused:
            end(post, head, successor=successor)
        assert "successor" in refused.value.error_dict
        assert end(post, warden, successor=successor).successor.user == successor


class TestEnding:
    def test_the_successor_holds_the_post_from_the_next_day(self, posting, head, successor):
        done = end(posting, head, last_day=today(10), successor=successor, acting="Plt.")
        posting.refresh_from_db()
        assert posting.until == today(10)
        following = successor.postings.get()
        assert done.successor == following
        assert (following.role_id, following.facility) == ("officer", posting.facility)
        assert (following.starts, following.until, following.acting) == (today(11), None, "Plt.")

    def test_who_holds_the_post_beside_them_takes_it_over_without_a_second_posting(
        self, posting, head, facility
    ):
        colleague = staff(facility, "officer")
        done = end(posting, head, successor=colleague)
        assert done.successor == colleague.postings.get()

    @pytest.mark.parametrize("who", ["officer", "registrar", "secretariat", "liaison", "outsider"])
    def test_only_head_and_warden_may(self, request, posting, who):
        with pytest.raises(Forbidden):
            end(posting, request.getfixturevalue(who))
        assert not Handover.objects.exists()

    def test_a_head_may_hand_over_the_own_post(self, head, warden):
        done = end(head.postings.get(), head, last_day=today(-1))
        assert done.data["receiver"]["name"] == warden.name

    def test_the_same_again_is_the_same_and_other_words_name_who_was_first(
        self, posting, head, warden, successor
    ):
        first = end(posting, head, successor=successor)
        assert end(posting, head, successor=successor) == first
        for by, fields in ((warden, {"successor": successor}), (head, {})):
            with pytest.raises(AlreadyDone, match="Kasi Giatja"):
                end(posting, by, **fields)
        assert successor.postings.count() == 1

    @pytest.mark.parametrize("days", [-100_000, 400])
    def test_the_last_day_makes_sense(self, posting, head, days):
        Posting.objects.filter(pk=posting.pk).update(starts=today(-500))
        day = today() + timedelta(days=max(days, -700))
        with pytest.raises(NotAllowed) as caught:
            end(posting, head, last_day=day)
        assert "last_day" in caught.value.error_dict

    def test_a_posting_for_a_time_is_handed_over_within_it(self, posting, head):
        Posting.objects.filter(pk=posting.pk).update(until=today(5))
        with pytest.raises(NotAllowed, match="hanya sampai"):
            end(posting, head, last_day=today(6))
        assert end(posting, head, last_day=today(5))

    def test_the_successor_is_another_active_officer(self, posting, head, agency):
        for nobody in (posting.user, liaison_of(agency), UserFactory(is_active=False)):
            with pytest.raises(NotAllowed) as caught:
                end(posting, head, successor=nobody)
            assert "successor" in caught.value.error_dict

    def test_the_successor_is_told(self, posting, head, successor):
        done = end(posting, head, last_day=today(3), successor=successor)
        notice = Notice.objects.get(recipient=successor)
        assert notice.link == done.get_absolute_url()
        assert "Petugas Bimbingan Kerja" in notice.sentence


class TestReminders:
    def test_the_successor_gets_the_nearest_due_offset_of_every_open_deadline(
        self, posting, head, facility, agency, officer, successor
    ):
        ends = [today(days) for days in (5, 40, 100, 170)]
        for day in ends:
            SignedAgreementFactory(facility=facility, agency=agency, ends_on=day, notice_months=0)
        visit = EngagementFactory(facility=facility, agency=agency)
        item = ActionItemFactory(engagement=visit, due=today(1))
        sweep()
        end(posting, head, successor=successor)
        sweep(today(1))
        told = Notice.objects.live().filter(recipient=successor)
        by_end = dict(told.filter(kind="agreement_end").values_list("due", "offset_days"))
        assert set(by_end) == set(ends)
        offsets = (180, 90, 60, 30, 14, 7, 1, -1)
        for day, offset in by_end.items():
            left = (day - today(1)).days
            due_by_now = [each for each in offsets if each >= left]
            assert offset <= min(due_by_now)  # the send day may come earlier: weekends, holidays
        assert told.filter(kind="action_item", object_id=item.pk).count() == 1
        sweep(today(1))
        assert told.filter(kind="agreement_end").count() == len(ends)

    def test_the_former_holder_is_told_nothing_more(self, posting, head, facility, agency):
        SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(5))
        sweep()
        notices = Notice.objects.filter(recipient=posting.user)
        assert notices.live().exists()
        end(posting, head, last_day=today(2))
        assert notices.live().exists(), "still in office"
        leaving.close_for_former_holders(today=today(2))
        assert notices.live().exists(), "the last day counts"
        leaving.close_for_former_holders(today=today(3))
        assert not notices.live().exists()

    def test_with_a_last_day_in_the_past_notices_close_at_once(self, posting, head, facility):
        notice = Notice.objects.create(
            recipient=posting.user, facility=facility, kind="x", object_type="x.y", object_id=1,
            due=today(), read_at="2026-01-01T00:00Z",
        )  # fmt: skip
        end(posting, head, last_day=today(-1))
        notice.refresh_from_db()
        assert notice.state == NoticeState.SUPERSEDED

    def test_who_keeps_another_post_of_the_prison_keeps_the_notices(
        self, posting, head, facility, officer
    ):
        PostingFactory(user=officer, facility=facility, role_id="registrar")
        Notice.objects.create(
            recipient=officer, facility=facility, kind="x", object_type="x.y", object_id=1,
            due=today(),
        )  # fmt: skip
        end(posting, head, last_day=today(-1))
        assert Notice.objects.live().filter(recipient=officer).exists()


class TestOpenWork:
    def test_everything_of_the_post_is_shown_once(self, facility, agency, posting, head):
        agreement = SignedAgreementFactory(
            facility=facility, agency=agency, ends_on=today(100), title="PKS Las"
        )
        AgreementFactory(facility=facility, agency=agency, title="Naskah Barista")
        visit = EngagementFactory(facility=facility, agency=agency)
        ActionItemFactory(engagement=visit, what="Kirim jadwal", due=today(3))
        Obligation.objects.create(
            agreement=agreement, party=Party.PRISON, what="Sediakan ruang", due=today(9)
        )
        BatchFactory(agreement=agreement, name="Angkatan IX")
        rows = [row for section in work.open_work(posting, head) for row in section.tasks]
        shown = " | ".join(f"{row.what} {row.about}" for row in rows)
        for words in ("PKS Las", "Naskah Barista", "Kirim jadwal", "Sediakan ruang", "Angkatan IX"):
            assert words in shown
        assert sum("Kirim jadwal" in row.what for row in rows) == 1
        assert all(row.url for row in rows)
        assert "Diteruskan" not in shown

    def test_another_prisons_and_another_posts_work_is_not(self, posting, head, facility, agency):
        other = FacilityFactory()
        SignedAgreementFactory(facility=other, agency=agency, title="PKS Jauh", ends_on=today(9))
        visit = EngagementFactory(facility=facility, agency=agency)
        ActionItemFactory(engagement=visit, owner_role_id="clinic", what="Periksa darah")
        assert work.open_work(posting, head) == []

    def test_the_number_of_queries_does_not_grow(
        self, posting, head, facility, agency, django_assert_max_num_queries
    ):
        for _row in range(8):
            agreement = SignedAgreementFactory(facility=facility, agency=agency, ends_on=today(30))
            BatchFactory(agreement=agreement)
            ActionItemFactory(engagement=EngagementFactory(facility=facility, agency=agency))
        with django_assert_max_num_queries(50):
            assert len(work.open_work(posting, head)) >= 3


class TestPaper:
    def test_it_says_who_hands_what_to_whom(self, posting, head, warden, successor, facility):
        visit = EngagementFactory(facility=facility)
        ActionItemFactory(engagement=visit, what="Kirim jadwal instruktur")
        done = end(posting, head, successor=successor, note="Kunci lemari ada di TU")
        text = text_of(handover.paper(done))
        for words in (
            "MEMORI SERAH TERIMA JABATAN", posting.user.name, successor.name, successor.nip,
            warden.name, "Kirim jadwal instruktur", "Kunci lemari ada di TU", "Mengetahui",
        ):  # fmt: skip
            assert words in text

    def test_printed_again_it_is_the_same_whatever_happened_since(
        self, posting, head, facility, successor
    ):
        item = ActionItemFactory(engagement=EngagementFactory(facility=facility))
        done = end(posting, head, successor=successor)
        first = handover.paper(done)
        ActionItem.objects.filter(pk=item.pk).update(what="Lain")
        User.objects.filter(pk=successor.pk).update(name="Nama Lain")
        assert handover.paper(Handover.objects.get()) == first

    def test_without_successor_or_anybody_above_it_still_prints(self, facility, warden):
        done = end(warden.postings.get(), warden)
        assert "sampai ada pejabat baru" in text_of(handover.paper(done))

    def test_long_lists_go_over_pages(self, posting, head, facility):
        visit = EngagementFactory(facility=facility)
        for number in range(60):
            ActionItemFactory(engagement=visit, what=f"Janji nomor {number} " + "panjang " * 12)
        content = handover.paper(end(posting, head))
        assert len(PdfReader(io.BytesIO(content)).pages) >= 3
        assert "Janji nomor 59" in text_of(content)


class TestPages:
    def test_from_the_list_of_posts_to_the_paper(self, login, posting, warden, head, successor):
        client = login(head)
        html = client.get("/postings/").content.decode()
        address = reverse("reports:posting-end", args=[posting.public_id])
        assert address in html
        assert "kosong" in html  # registrar and secretariat
        page = client.get(address).content.decode()
        assert successor.name in page
        answer = client.post(
            address,
            {"last_day": today().isoformat(), "successor": str(successor.public_id), "note": "x"},
        )
        done = Handover.objects.get()
        assert answer["Location"] == done.get_absolute_url()
        detail = client.get(answer["Location"]).content.decode()
        pdf = client.get(re.search(r'href="(/handovers/[^"]+/pdf/)"', detail)[1])
        assert successor.name in text_of(pdf.content)
        assert "Penugasan ini sudah diserahterimakan." in client.get(address).content.decode()

    def test_somebody_from_another_prison_is_named_by_address(self, login, posting, head, outsider):
        client, address = login(head), reverse("reports:posting-end", args=[posting.public_id])
        assert outsider.name not in client.get(address).content.decode()
        typed = {"last_day": today().isoformat(), "note": "Catatan panjang"}
        answer = client.post(address, {**typed, "successor_email": "salah@uji.test"})
        html = answer.content.decode()
        assert (answer.status_code, "Catatan panjang" in html) == (422, True)
        assert "Belum ada akun" in html
        client.post(address, {**typed, "successor_email": outsider.email.upper()})
        assert Handover.objects.get().successor.user == outsider

    def test_the_two_parties_read_it_and_others_do_not(
        self, login, posting, head, officer, successor, registrar, outsider
    ):
        done = end(posting, head, last_day=today(-1), successor=successor)
        answers = {
            user: login(user).get(done.get_absolute_url()).status_code
            for user in (officer, successor, registrar, outsider)
        }
        assert list(answers.values()) == [200, 200, 403, 404]


class TestList:
    @pytest.fixture
    def two(self, posting, head, warden, successor):
        """The officer's to a successor, ten days ago; the head's, upward, yesterday."""
        first = end(posting, warden, last_day=today(-10), successor=successor)
        return first, end(head.postings.get(), warden, last_day=today(-1))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", [0, 1]),
            ("?q=wayan", [0]),
            ("?q=giatja", [1]),
            ("?role=head", [1]),
            ("?succeeded=yes", [0]),
            ("?succeeded=no", [1]),
            ("?q=tidak+ada", []),
        ],
    )
    def test_it_is_found_by_name_post_and_successor(self, login, two, warden, query, found):
        shown = login(warden).get(f"/handovers/{query}").context["table"].data
        assert {row.pk for row in shown} == {two[number].pk for number in found}

    def test_it_is_found_by_the_last_day(self, login, two, warden):
        client = login(warden)
        for query, row in ((f"since={today(-9)}", two[1]), (f"until={today(-9)}", two[0])):
            shown = client.get(f"/handovers/?{query}").context["table"].data
            assert [each.pk for each in shown] == [row.pk]

    def test_another_prisons_are_not_in_it(self, login, two, outsider):
        elsewhere = staff(outsider.facility, "head")
        answer = login(elsewhere).get("/handovers/")
        assert len(answer.context["table"].rows) == 0
        assert "Belum ada jabatan" in answer.content.decode()

    def test_as_csv(self, login, two, warden, successor):
        sheet = b"".join(login(warden).get("/handovers/?format=csv").streaming_content).decode()
        assert successor.name in sheet


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_end_the_same_posting_at_once(posting, head, warden, successor):
    outcomes = race(
        lambda: end(posting, head, successor=successor),
        lambda: end(posting, warden),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyDone", "Handover"]
    assert Handover.objects.count() == 1
