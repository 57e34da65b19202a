from django.urls import include, path

from partners.views import (
    agencies,
    agreement_calendar,
    agreement_overview,
    agreement_register,
    agreements,
    engagements,
    invitations,
    letters,
    liaisons,
)

app_name = "partners"

agency_urls = [
    path("agencies/", agencies.AgencyList.as_view(), name="agency-list"),
    path("agencies/<uuid:public_id>/", agencies.detail, name="agency-detail"),
    path("agencies/<uuid:public_id>/liaisons/invite/", liaisons.invite, name="liaison-invite"),
    path("invitations/<str:token>/", invitations.join, name="invitation"),
]
letter_urls = [
    path("agencies/<uuid:public_id>/letter/", letters.agency_letter, name="agency-letter"),
    path(
        "engagements/<uuid:public_id>/letter/", letters.engagement_letter, name="engagement-letter"
    ),
    path("agreements/<uuid:public_id>/letter/", letters.agreement_letter, name="agreement-letter"),
    path("sent-letters/<uuid:public_id>/pdf/", letters.pdf, name="letter-pdf"),
]
liaison_urls = [
    path("", liaisons.detail, name="liaison-detail"),
    path("invite-again/", liaisons.invite_again, name="liaison-invite-again"),
    path("withdraw/", liaisons.withdraw, name="liaison-withdraw"),
    path("suspend/", liaisons.suspend, name="liaison-suspend"),
    path("reinstate/", liaisons.reinstate, name="liaison-reinstate"),
    path("end/", liaisons.end, name="liaison-end"),
]
engagement_urls = [
    path("engagements/", engagements.EngagementList.as_view(), name="engagement-list"),
    path("engagements/new/", engagements.record, name="engagement-record"),
    path("engagements/<uuid:public_id>/", engagements.detail, name="engagement-detail"),
    path(
        "action-items/<uuid:public_id>/finish/",
        engagements.finish_action_item,
        name="action-item-finish",
    ),
]
agreement_urls = [
    path("agreements/", agreement_overview.AgreementList.as_view(), name="agreement-list"),
    path("agreements/timeline/", agreement_overview.overview, name="agreement-timeline"),
    path("agreements/new/", agreements.draft, name="agreement-draft"),
    path("agreements/existing/", agreements.record_existing, name="agreement-record-existing"),
    path("agreements/register/", agreement_register.page, name="agreement-register"),
    path("agreements/calendar/", agreement_calendar.month, name="agreement-calendar"),
]
one_agreement_urls = [
    path("", agreements.detail, name="agreement-detail"),
    path("edit/", agreements.edit, name="agreement-edit"),
    path("report/", agreement_register.describe, name="agreement-report"),
    path("begin-draft/", agreements.begin_draft, name="agreement-begin-draft"),
    path("send-for-review/", agreements.send_for_review, name="agreement-send-for-review"),
    path("revise/", agreements.revise, name="agreement-revise"),
    path("mark-ready/", agreements.mark_ready, name="agreement-mark-ready"),
    path("reopen/", agreements.reopen, name="agreement-reopen"),
    path("sign/", agreements.sign, name="agreement-sign"),
    path("undo-signing/", agreements.undo_signing, name="agreement-undo-signing"),
    path("terminate/", agreements.terminate, name="agreement-terminate"),
    path("undo-termination/", agreements.undo_termination, name="agreement-undo-termination"),
    path("cancel/", agreements.cancel, name="agreement-cancel"),
    path("undo-cancellation/", agreements.undo_cancellation, name="agreement-undo-cancellation"),
    path("scan/", agreements.scan, name="agreement-scan"),
]

urlpatterns = [
    *letter_urls,
    *agency_urls,
    path("liaisons/<uuid:public_id>/", include(liaison_urls)),
    *engagement_urls,
    *agreement_urls,
    path("agreements/<uuid:public_id>/", include(one_agreement_urls)),
]
