from django.urls import include, path

from partners.views import (
    action_items,
    agencies,
    agreement_calendar,
    agreement_overview,
    agreement_register,
    agreement_sheet,
    agreement_texts,
    agreements,
    contacts,
    documents,
    engagements,
    extensions,
    invitations,
    letters,
    liaisons,
    obligations,
    reviews,
)

app_name = "partners"

agency_urls = [
    path("agencies/", agencies.AgencyList.as_view(), name="agency-list"),
    path("agencies/new/", agencies.add, name="agency-add"),
    path("agencies/<uuid:public_id>/", agencies.detail, name="agency-detail"),
    path("agencies/<uuid:public_id>/edit/", agencies.edit, name="agency-edit"),
    path("agencies/<uuid:public_id>/contacts/new/", contacts.add, name="agency-contact"),
    path("contacts/<uuid:public_id>/edit/", contacts.edit, name="contact-edit"),
    path("contacts/<uuid:public_id>/remove/", contacts.remove, name="contact-remove"),
    path("agencies/<uuid:public_id>/liaisons/invite/", liaisons.invite, name="liaison-invite"),
    path("invitations/<str:token>/", invitations.join, name="invitation"),
]
letter_urls = [
    path("agencies/<uuid:public_id>/letter/", letters.agency_letter, name="agency-letter"),
    path(
        "engagements/<uuid:public_id>/letter/", letters.engagement_letter, name="engagement-letter"
    ),
    path("agreements/<uuid:public_id>/letter/", letters.agreement_letter, name="agreement-letter"),
    path("agreements/text/", agreement_texts.standard, name="agreement-text"),
    path("agreements/text/reset/", agreement_texts.reset, name="agreement-text-reset"),
    path("agreements/<uuid:public_id>/text/", agreement_texts.draft, name="agreement-draft-text"),
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
    path("engagements/<uuid:public_id>/edit/", engagements.edit, name="engagement-edit"),
    path("engagements/<uuid:public_id>/attach/", engagements.attach, name="engagement-attach"),
    path(
        "engagements/<uuid:public_id>/action-items/new/",
        action_items.add,
        name="engagement-promise",
    ),
    path("attachments/<uuid:public_id>/", engagements.attachment, name="attachment-download"),
    path(
        "attachments/<uuid:public_id>/remove/",
        engagements.remove_attachment,
        name="attachment-remove",
    ),
]
action_item_urls = [
    path("action-items/", action_items.ActionItemList.as_view(), name="action-item-list"),
    path("action-items/<uuid:public_id>/edit/", action_items.edit, name="action-item-edit"),
    path("action-items/<uuid:public_id>/finish/", action_items.finish, name="action-item-finish"),
    path("action-items/<uuid:public_id>/reopen/", action_items.reopen, name="action-item-reopen"),
    path("action-items/<uuid:public_id>/remove/", action_items.remove, name="action-item-remove"),
]
agreement_urls = [
    path("agreements/", agreement_overview.AgreementList.as_view(), name="agreement-list"),
    path("agreements/existing/sheet/", agreement_sheet.page, name="agreement-sheet"),
    path(
        "agreements/existing/sheet/template/",
        agreement_sheet.template,
        name="agreement-sheet-template",
    ),
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
    path("extend/", extensions.extend, name="agreement-extend"),
    path("renew/", extensions.renew, name="agreement-renew"),
    path("link/", extensions.link, name="agreement-link"),
    path("unlink/", extensions.unlink, name="agreement-unlink"),
    path("documents/new/", documents.add, name="agreement-document-add"),
    path("obligations/new/", obligations.add, name="agreement-obligation-add"),
    path("reviews/new/", reviews.record, name="agreement-review-record"),
]
of_agreement_urls = [
    path("extensions/<uuid:public_id>/void/", extensions.void, name="extension-void"),
    path("extensions/<uuid:public_id>/scan/", extensions.scan, name="extension-scan"),
    path("documents/<uuid:public_id>/", documents.file, name="text-file"),
    path("reviews/<uuid:public_id>/remove/", reviews.remove, name="review-remove"),
]
obligation_urls = [
    path("", obligations.detail, name="obligation-detail"),
    path("finish/", obligations.finish, name="obligation-finish"),
    path("drop/", obligations.drop, name="obligation-drop"),
    path("reopen/", obligations.reopen, name="obligation-reopen"),
    path("evidence/", obligations.evidence, name="obligation-evidence"),
]

urlpatterns = [
    *letter_urls,
    *agency_urls,
    path("liaisons/<uuid:public_id>/", include(liaison_urls)),
    *engagement_urls,
    *action_item_urls,
    *agreement_urls,
    path("agreements/<uuid:public_id>/", include(one_agreement_urls)),
    *of_agreement_urls,
    path("obligations/<uuid:public_id>/", include(obligation_urls)),
]
