from django.urls import path

from placements.views import (
    absences,
    access,
    circumstances,
    departures,
    merges,
    papers,
    person,
    restrictions,
    retention,
    subject_file,
    transfers,
)

app_name = "placements"
urlpatterns = [
    path("circumstances/", circumstances.CircumstanceList.as_view(), name="circumstance-list"),
    path("circumstances/<uuid:public_id>/", circumstances.detail, name="circumstance-detail"),
    path(
        "circumstances/<uuid:public_id>/decide/", circumstances.decide, name="circumstance-decide"
    ),
    path("circumstances/<uuid:public_id>/undo/", circumstances.undo, name="circumstance-undo"),
    path("inmates/<uuid:public_id>/restrictions/new/", restrictions.new, name="restriction-new"),
    path("restrictions/<uuid:public_id>/lift/", restrictions.lift, name="restriction-lift"),
    path("restrictions/<uuid:public_id>/void/", restrictions.void, name="restriction-void"),
    path("inmates/<uuid:public_id>/", person.detail, name="person-detail"),
    path("inmates/<uuid:public_id>/correct/", person.correct, name="person-correct"),
    path("inmates/<uuid:public_id>/skills/", person.describe, name="person-skills"),
    path("inmates/<uuid:public_id>/assessments/", person.assess, name="person-assess"),
    path("assessments/<uuid:public_id>/", person.correct_assessment, name="assessment-correct"),
    path(
        "assessments/<uuid:public_id>/remove/", person.remove_assessment, name="assessment-remove"
    ),
    path("inmates/<uuid:public_id>/consents/", papers.give_consent, name="person-consent"),
    path("consents/<uuid:public_id>/scan/", papers.consent_scan, name="consent-scan"),
    path("consents/<uuid:public_id>/withdraw/", papers.withdraw_consent, name="consent-withdraw"),
    path("inmates/<uuid:public_id>/documents/", papers.note_document, name="person-document"),
    path("documents/<uuid:public_id>/scan/", papers.document_scan, name="document-scan"),
    path("documents/<uuid:public_id>/remove/", papers.remove_document, name="document-remove"),
    path("transfers/", transfers.TransferList.as_view(), name="transfer-list"),
    path("transfers/new/", transfers.propose, name="transfer-propose"),
    path("transfers/<uuid:public_id>/", transfers.detail, name="transfer-detail"),
    path("transfers/<uuid:public_id>/accept/", transfers.accept, name="transfer-accept"),
    path("transfers/<uuid:public_id>/refuse/", transfers.refuse, name="transfer-refuse"),
    path("transfers/<uuid:public_id>/withdraw/", transfers.withdraw, name="transfer-withdraw"),
    path("inmates/<uuid:public_id>/transfer/", transfers.send, name="departure-send"),
    path("inmates/<uuid:public_id>/leave/", departures.leave, name="departure"),
    path("inmates/<uuid:public_id>/leave/undo/", departures.reopen, name="departure-reopen"),
    path("inmates/<uuid:public_id>/return/", departures.come_back, name="departure-return"),
    path("inmates/duplicates/", merges.pair_list, name="duplicate-list"),
    path("inmates/duplicates/<uuid:public_id>/", merges.compare, name="duplicate-compare"),
    path(
        "inmates/duplicates/<uuid:public_id>/distinct/",
        merges.distinguish,
        name="duplicate-distinguish",
    ),
    path(
        "inmates/duplicates/<uuid:public_id>/distinct/undo/",
        merges.reconsider,
        name="duplicate-reconsider",
    ),
    path("merges/<uuid:public_id>/", merges.detail, name="merge-detail"),
    path("merges/<uuid:public_id>/undo/", merges.undo, name="merge-undo"),
    path("inmates/absences/", absences.AbsenceList.as_view(), name="absence-list"),
    path("inmates/<uuid:public_id>/file/", subject_file.detail, name="subject-file"),
    path("inmates/<uuid:public_id>/file.pdf", subject_file.pdf, name="subject-file-pdf"),
    path("inmates/<uuid:public_id>/file.json", subject_file.as_json, name="subject-file-json"),
    path("inmates/<uuid:public_id>/access/", access.AccessList.as_view(), name="access-list"),
    path("inmates/retention/", retention.RetentionList.as_view(), name="retention-list"),
]
