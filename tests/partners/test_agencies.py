"""Partners of a prison: found or registered, corrected, with whom one calls there."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, Vanished
from partners import log
from partners.models import Agency, Contact, Partnership
from partners.services import agencies, contacts
from tests.factories.accounts import staff
from tests.factories.partners import AgencyFactory, PartnershipFactory
from tests.partners.steps import body, fields_of, page

pytestmark = pytest.mark.django_db

FACTS = {"kind": "blk", "parent": None, "city": "Cilegon", "address": "", "phone": "", "email": ""}


def contact_facts(**more):
    facts = {
        "name": "Ibu Rina",
        "title": "Kasi",
        "phone": "0812-3456-7890",
        "email": "",
        "note": "",
    }
    return facts | more


class TestAddingAPartner:
    def test_a_new_agency_under_its_parent(self, facility, agency, head):
        made = agencies.add_partner(
            facility=facility, by=head, **FACTS | {"name": "UPT Las Krakatau", "parent": agency}
        )

        assert made.parent == agency
        assert made in Agency.objects.visible_to(head)

    def test_one_that_another_prison_knows(self, facility, head):
        known = AgencyFactory(name="Disnaker Serang")

        agencies.add_partner(facility=facility, by=head, agency=known)

        assert Partnership.objects.filter(facility=facility, agency=known).count() == 1

    def test_the_same_person_twice_is_once_somebody_else_learns_who(self, facility, head):
        known = AgencyFactory()
        for _again in range(2):
            agencies.add_partner(facility=facility, by=head, agency=known)

        with pytest.raises(AlreadyDone, match="Kasi Giatja"):
            agencies.add_partner(facility=facility, by=staff(facility, "head"), agency=known)

    def test_a_name_much_like_a_known_one_is_asked_about_once(self, facility, head):
        AgencyFactory(name="BLK Kota Cilegon")
        facts = FACTS | {"name": "BLK Kota Cilegong", "city": "Serang"}

        with pytest.raises(NotAllowed) as refusal:
            agencies.add_partner(facility=facility, by=head, **facts)

        assert fields_of(refusal) == {"name"}
        assert agencies.add_partner(facility=facility, by=head, is_another=True, **facts)

    def test_the_very_same_is_never_registered_twice(self, facility, head):
        AgencyFactory(name="BLK Cilegon", city="Cilegon")

        with pytest.raises(NotAllowed) as refusal:
            agencies.add_partner(
                facility=facility, by=head, is_another=True, **FACTS | {"name": "blk cilegon"}
            )

        assert fields_of(refusal) == {"name"}

    @pytest.mark.parametrize("role", ["officer", "warden", "registrar", "observer"])
    def test_only_the_head_does(self, facility, role):
        with pytest.raises(Forbidden):
            agencies.add_partner(
                facility=facility, by=staff(facility, role), agency=AgencyFactory()
            )


class TestCorrecting:
    def facts(self, agency, **more):
        return {name: getattr(agency, name) for name in agencies.FACTS} | more

    def test_facts_change_and_history_keeps_the_old_ones(self, agency, head):
        agencies.edit(agency=agency, by=head, **self.facts(agency, address="Jalan Sehat 1"))

        assert log.history_of_agency(agency, head)[0].changes[0].new == "Jalan Sehat 1"

    def test_no_agency_stands_under_itself(self, agency, facility, head):
        unit = PartnershipFactory(facility=facility, agency=AgencyFactory(parent=agency)).agency

        with pytest.raises(NotAllowed) as refusal:
            agencies.edit(agency=agency, by=head, **self.facts(agency, parent=unit))

        assert fields_of(refusal) == {"parent"}

    def test_three_levels_and_no_more(self, agency, facility, head):
        unit = AgencyFactory(parent=AgencyFactory(parent=agency))

        with pytest.raises(NotAllowed) as refusal:
            agencies.add_partner(
                facility=facility, by=head, **FACTS | {"name": "Bengkel", "parent": unit}
            )

        assert fields_of(refusal) == {"parent"}

    def test_who_reads_another_prisons_agreements_is_not_one_heads_choice(
        self, agency, facility, outsider, head
    ):
        PartnershipFactory(facility=outsider.facility, agency=agency)
        above = PartnershipFactory(facility=facility).agency

        with pytest.raises(NotAllowed) as refusal:
            agencies.edit(agency=agency, by=head, **self.facts(agency, parent=above))

        assert fields_of(refusal) == {"parent"}
        assert agencies.edit(agency=agency, by=head, **self.facts(agency, city="Serang"))

    def test_others_may_not(self, agency, officer, outsider, liaison):
        for stranger in (officer, outsider, liaison):
            with pytest.raises(Forbidden):
                agencies.edit(agency=agency, by=stranger, **self.facts(agency))


class TestContacts:
    def test_whom_one_calls_is_added_changed_and_removed(self, agency, officer):
        contact = contacts.add(agency=agency, by=officer, **contact_facts())
        contacts.change(contact=contact, by=officer, **contact_facts(title="Kepala Seksi"))
        contacts.remove(contact=contact, by=officer, reason="Pindah dinas")

        assert not Contact.objects.exists()
        told = log.history_of_agency(agency, officer)
        assert {"Dihapus", "Diubah", "Dicatat"} <= {entry.what for entry in told}

    def test_one_whom_somebody_removes_meanwhile_is_refused_in_words(self, agency, officer):
        contact = contacts.add(agency=agency, by=officer, **contact_facts())
        mine = Contact.objects.get(pk=contact.pk)
        contacts.remove(contact=contact, by=officer)

        with pytest.raises(Vanished, match="sudah dihapus orang lain"):
            contacts.change(contact=mine, by=officer, **contact_facts(title="Kepala Seksi"))

    def test_history_keeps_no_number(self, agency, officer):
        contact = contacts.add(agency=agency, by=officer, **contact_facts())
        contacts.change(contact=contact, by=officer, **contact_facts(phone="0813-1111-2222"))

        told = log.history_of_agency(agency, officer)
        changes = [change for entry in told for change in entry.changes]
        assert [(change.hidden, change.new) for change in changes] == [(True, "")]

    def test_the_same_person_twice_is_once(self, agency, officer):
        for _again in range(2):
            contacts.add(agency=agency, by=officer, **contact_facts())

        assert Contact.objects.count() == 1

    @pytest.mark.parametrize("phone", ["12", "kantor", "0000000000000"])
    def test_a_number_that_is_none_is_refused(self, agency, officer, phone):
        with pytest.raises(NotAllowed) as refusal:
            contacts.add(agency=agency, by=officer, **contact_facts(phone=phone))

        assert fields_of(refusal) == {"phone"}

    def test_somebody_who_cannot_be_reached_is_no_contact(self, agency, officer):
        with pytest.raises(NotAllowed):
            contacts.add(agency=agency, by=officer, **contact_facts(phone=""))

    @pytest.mark.parametrize(
        ("typed", "dialled", "whatsapp"),
        [
            ("0812-3456-7890", "+6281234567890", "6281234567890"),
            ("+62 812 3456 7890", "+6281234567890", "6281234567890"),
            ("(0254) 391234", "+62254391234", ""),
            ("", "", ""),
        ],
    )
    def test_a_number_is_dialled_and_written_to(self, typed, dialled, whatsapp):
        contact = Contact(phone=typed)

        assert (contact.dialled, contact.whatsapp) == (dialled, whatsapp)

    def test_others_may_not_and_a_liaison_does_not_read_them(
        self, agency, officer, warden, outsider, liaison
    ):
        contact = contacts.add(agency=agency, by=officer, **contact_facts())

        for stranger in (warden, outsider, liaison):
            with pytest.raises(Forbidden):
                contacts.change(contact=contact, by=stranger, **contact_facts())
        assert not Contact.objects.visible_to(liaison)
        assert not Contact.objects.visible_to(outsider)


class TestPages:
    def test_the_head_is_shown_names_like_it_and_takes_one(self, facility, head, login):
        known = AgencyFactory(name="BLK Provinsi Banten")
        client = login(head)

        asked = client.post(
            page("agency-add"), FACTS | {"name": "BLK Provinsi Bantn", "parent": ""}
        )

        assert asked.status_code == 422
        assert "BLK Provinsi Bantn" in body(asked)
        assert known.name in body(asked)
        taken = client.post(page("agency-add"), {"agency": known.public_id})
        assert taken.url == known.get_absolute_url()

    def test_a_new_one_is_registered(self, head, login):
        typed = FACTS | {"name": "LPK Sinar Harapan", "kind": "lpk", "parent": ""}

        answer = login(head).post(page("agency-add"), typed)

        assert answer.url == Agency.objects.get(name="LPK Sinar Harapan").get_absolute_url()

    @pytest.mark.parametrize("agency_id", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_an_agency_that_is_none_is_a_message(self, head, login, agency_id):
        answer = login(head).post(page("agency-add"), {"agency": agency_id})

        assert answer.status_code in (200, 422)
        assert "Pilih" in body(answer) or "valid" in body(answer).lower()

    def test_contacts_are_kept_on_the_agencys_page(self, agency, officer, liaison, login):
        client = login(officer)
        answer = client.post(page("agency-contact", agency), contact_facts())

        shown = body(client.get(answer.url))
        assert "tel:+6281234567890" in shown
        assert "https://wa.me/6281234567890" in shown
        assert "Ibu Rina" not in body(login(liaison).get(agency.get_absolute_url()))

    def test_a_wrong_number_loses_nothing_typed(self, agency, officer, login):
        answer = login(officer).post(page("agency-contact", agency), contact_facts(phone="kantor"))

        assert answer.status_code == 422
        assert "Ibu Rina" in body(answer)

    def test_parents_and_units_are_shown_both_ways(self, facility, agency, head, login):
        unit = PartnershipFactory(facility=facility, agency=AgencyFactory(parent=agency)).agency
        client = login(head)

        assert unit.name in body(client.get(agency.get_absolute_url()))
        assert agency.get_absolute_url() in body(client.get(unit.get_absolute_url()))
