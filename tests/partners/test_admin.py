"""The admin edits reference data and rights, and reads what has a state."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PASSWORD
from tests.factories.partners import (
    ActionItemFactory,
    EngagementFactory,
    SignedAgreementFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = User.objects.create_superuser("admin@uji.test", PASSWORD, name="Admin")
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", ["agency", "partnership"])
def test_reference_data_and_rights_can_be_edited(admin, agency, liaison, model):
    assert admin.get(reverse(f"admin:partners_{model}_changelist")).status_code == 200
    assert admin.get(reverse(f"admin:partners_{model}_add")).status_code == 200


def test_an_agency_has_its_partners_and_liaisons_on_one_page(admin, agency, liaison):
    page = admin.get(reverse("admin:partners_agency_change", args=[agency.pk]))

    assert page.status_code == 200
    assert liaison.name in page.content.decode()


def test_liaisons_are_invited_by_the_head_not_made_here(admin, liaison):
    row = liaison.liaisons.get()
    assert admin.get(reverse("admin:partners_liaison_add")).status_code == 403
    change = reverse("admin:partners_liaison_change", args=[row.pk])
    assert admin.get(change).status_code == 200
    assert admin.post(change, {"until": "2026-01-01"}).status_code == 403


@pytest.mark.parametrize("model", ["agreement", "engagement", "actionitem"])
def test_work_is_searchable_and_read_only(admin, facility, agency, model):
    engagement = EngagementFactory(facility=facility, agency=agency)
    rows = {
        "agreement": SignedAgreementFactory(facility=facility, agency=agency),
        "engagement": engagement,
        "actionitem": ActionItemFactory(engagement=engagement),
    }
    name = f"admin:partners_{model}"

    found = admin.get(reverse(f"{name}_changelist"), {"q": agency.name})
    assert str(rows[model]) in found.content.decode()
    assert admin.get(reverse(f"{name}_add")).status_code == 403
    change = reverse(f"{name}_change", args=[rows[model].pk])
    assert admin.get(change).status_code == 200
    assert admin.post(change, {}).status_code == 403
    assert admin.post(reverse(f"{name}_delete", args=[rows[model].pk])).status_code == 403
