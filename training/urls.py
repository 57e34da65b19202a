from django.urls import path

from training.views import (
    attendance,
    batches,
    catalogue,
    certificates,
    closing,
    courses,
    days,
    decrees,
    demand,
    existing,
    exports,
    hearings,
    instructors,
    meetings,
    old_papers,
    participants,
    plans,
    record,
    results,
    rooms,
    seat_offers,
    selection,
    slot_links,
    slots,
    teaching,  # noqa: F401 - registers its sections
    tools,
    uploads,
    waiting,
)

app_name = "training"

batch_urls = [
    path("batches/", batches.BatchList.as_view(), name="batch-list"),
    path("batches/new/", batches.plan, name="batch-plan"),
    path("batches/existing/", existing.page, name="batch-record-existing"),
    path("batches/existing/sheet/", existing.sheet, name="batch-existing-sheet"),
    path("batches/existing/template/", existing.template, name="batch-existing-template"),
    path("batches/<uuid:public_id>/", batches.detail, name="batch-detail"),
    path("batches/<uuid:public_id>/start/", batches.start, name="batch-start"),
    path("batches/<uuid:public_id>/finish/", batches.finish, name="batch-finish"),
    path("batches/<uuid:public_id>/edit/", batches.edit, name="batch-edit"),
    path("batches/<uuid:public_id>/step-back/", batches.step_back, name="batch-step-back"),
    path("batches/<uuid:public_id>/cancel/", batches.cancel, name="batch-cancel"),
    path("batches/<uuid:public_id>/postpone/", batches.postpone, name="batch-postpone"),
    path("batches/<uuid:public_id>/resume/", batches.resume, name="batch-resume"),
    path("batches/<uuid:public_id>/extra/", batches.grant_extra_seats, name="batch-extra-seats"),
    path("batches/<uuid:public_id>/close/", closing.close, name="batch-close"),
    path("batches/<uuid:public_id>/reopen/", closing.reopen, name="batch-reopen"),
]
slot_urls = [
    path("batches/<uuid:public_id>/slots/new/", slots.propose, name="slot-propose"),
    path("slots/", slots.inbox, name="slot-inbox"),
    path("slots/offer/", slots.offer, name="slot-offer"),
    path("slots/link/<str:token>/", slot_links.answer, name="slot-link"),
    path("slots/<uuid:public_id>/", slots.answer, name="slot-answer"),
    path("slots/<uuid:public_id>/accept/", slots.accept, name="slot-accept"),
    path("slots/<uuid:public_id>/counter/", slots.counter, name="slot-counter"),
    path("slots/<uuid:public_id>/decline/", slots.decline, name="slot-decline"),
    path("slots/<uuid:public_id>/withdraw/", slots.withdraw, name="slot-withdraw"),
    path("slots/<uuid:public_id>/extend/", slots.extend, name="slot-extend"),
    path("slots/<uuid:public_id>/record/", slots.record, name="slot-record"),
    path("slots/<uuid:public_id>/object/", slots.object_to, name="slot-object"),
    path("slots/<uuid:public_id>/proof/", slots.proof, name="slot-proof"),
]
selection_urls = [
    path("batches/<uuid:public_id>/candidates/", selection.propose, name="candidate-propose"),
    path("candidates/<uuid:public_id>/withdraw/", selection.withdraw, name="candidate-withdraw"),
    path("batches/<uuid:public_id>/order/", selection.reorder, name="candidate-order"),
    path("batches/<uuid:public_id>/participants/", selection.participants, name="participant-list"),
    path(
        "participants/<uuid:public_id>/suspend/", participants.suspend, name="participant-suspend"
    ),
    path("participants/<uuid:public_id>/resume/", participants.resume, name="participant-resume"),
    path("participants/<uuid:public_id>/drop/", participants.drop, name="participant-drop"),
    path("candidates/<uuid:public_id>/seat/", seat_offers.offer, name="seat-offer"),
    path("seats/<uuid:public_id>/", seat_offers.detail, name="seat-detail"),
    path("seats/<uuid:public_id>/take/", seat_offers.take, name="seat-take"),
    path("seats/<uuid:public_id>/refuse/", seat_offers.refuse, name="seat-refuse"),
    path("seats/<uuid:public_id>/withdraw/", seat_offers.withdraw, name="seat-withdraw"),
    path("hearings/", hearings.HearingList.as_view(), name="hearing-list"),
    path("batches/<uuid:public_id>/hearing/", hearings.schedule, name="hearing-schedule"),
    path("hearings/<uuid:public_id>/", hearings.record, name="hearing-record"),
    path("hearings/<uuid:public_id>/undo/", hearings.undo, name="hearing-undo"),
    path("hearings/<uuid:public_id>/move/", hearings.move, name="hearing-move"),
    path("hearings/<uuid:public_id>/cancel/", hearings.cancel, name="hearing-cancel"),
    path("hearings/<uuid:public_id>/agenda.pdf", hearings.agenda, name="hearing-agenda"),
    path("hearings/<uuid:public_id>/minutes.pdf", hearings.minutes, name="hearing-minutes"),
    path("batches/<uuid:public_id>/decree/", decrees.prepare, name="decree-prepare"),
    path("decrees/<uuid:public_id>/", decrees.detail, name="decree-detail"),
    path("decrees/<uuid:public_id>/issue/", decrees.issue, name="decree-issue"),
    path("decrees/<uuid:public_id>/send-back/", decrees.send_back, name="decree-send-back"),
]
course_urls = [
    path("courses/", courses.CourseList.as_view(), name="course-list"),
    path("courses/new/", catalogue.create, name="course-create"),
    path("courses/load/", catalogue.load, name="course-load"),
    path("courses/<uuid:public_id>/", courses.detail, name="course-detail"),
    path("courses/<uuid:public_id>/edit/", catalogue.edit, name="course-edit"),
    path("courses/<uuid:public_id>/offer/", catalogue.offer, name="course-offer"),
    path("courses/<uuid:public_id>/units/", catalogue.units, name="course-units"),
    path("courses/<uuid:public_id>/units/new/", catalogue.add_unit, name="course-unit-add"),
    path("courses/<uuid:public_id>/tools/", catalogue.tools, name="course-tools"),
    path("courses/<uuid:public_id>/requirements/", courses.require, name="course-require"),
]
waiting_urls = [
    path("waiting/", waiting.WaitingList.as_view(), name="waiting-list"),
    path("waiting/<uuid:public_id>/withdraw/", waiting.withdraw, name="waiting-withdraw"),
    path("inmates/<uuid:public_id>/waiting/", waiting.add, name="waiting-add"),
]
plan_urls = [
    path("plan/", plans.overview, name="plan-overview"),
    path("plan/fill/", plans.fill, name="plan-fill"),
    path("plan/copy/", plans.copy, name="plan-copy"),
    path("plan/letter/", plans.letter, name="plan-letter"),
    path("plan/demand/", demand.overview, name="plan-demand"),
    path("plan/supply/", demand.supply, name="plan-supply"),
    path("plan/lines/new/", plans.create, name="plan-create"),
    path("plan/lines/<uuid:public_id>/", plans.line, name="plan-line"),
    path("plan/lines/<uuid:public_id>/change/", plans.change, name="plan-change"),
    path("plan/lines/<uuid:public_id>/attach/", plans.attach, name="plan-attach"),
    path("plan/lines/<uuid:public_id>/remove/", plans.remove, name="plan-remove"),
]
tool_urls = [
    path("meetings/<uuid:public_id>/tools/", tools.meeting, name="meeting-tools"),
    path("meetings/<uuid:public_id>/tools/out/", tools.take_out, name="meeting-tools-out"),
    path("meetings/<uuid:public_id>/tools/back/", tools.bring_back, name="meeting-tools-back"),
    path("tools/<uuid:public_id>/", tools.detail, name="tool-detail"),
    path("tools/<uuid:public_id>/recount/", tools.recount, name="tool-recount"),
    path("tools/<uuid:public_id>/release/", tools.release, name="tool-release"),
    path("days/", days.list_, name="day-list"),
    path("days/paper.pdf", days.paper, name="day-paper"),
]
upload_urls = [
    path(
        "batches/<uuid:public_id>/certificates/sheet/",
        uploads.batch_sheet,
        name="batch-certificates",
    ),
    path(
        "batches/<uuid:public_id>/certificates/sheet/template.xlsx",
        uploads.batch_template,
        name="batch-certificates-template",
    ),
    path("certificates/report.csv", uploads.report, name="certificate-report"),
    path("certificates/old/", old_papers.sheet, name="old-certificate-sheet"),
    path("certificates/old/template.xlsx", old_papers.template, name="old-certificate-template"),
    path("inmates/<uuid:public_id>/certificates/old/", old_papers.add, name="person-certificate"),
    path("inmates/<uuid:public_id>/training.pdf", record.pdf, name="person-record"),
    path(
        "batches/<uuid:public_id>/participants.xlsx", exports.as_xlsx, name="participant-list-xlsx"
    ),
    path("batches/<uuid:public_id>/participants.pdf", exports.as_pdf, name="participant-list-pdf"),
]

meeting_urls = [
    path("batches/<uuid:public_id>/schedule/", meetings.edit_schedule, name="schedule-edit"),
    path("batches/<uuid:public_id>/schedule/apply/", meetings.generate, name="schedule-generate"),
    path("batches/<uuid:public_id>/meetings/new/", meetings.add, name="meeting-add"),
    path("meetings/", meetings.MeetingList.as_view(), name="meeting-list"),
    path("meetings/<uuid:public_id>/", meetings.detail, name="meeting-detail"),
    path("meetings/<uuid:public_id>/move/", meetings.move, name="meeting-move"),
    path("meetings/<uuid:public_id>/describe/", meetings.describe, name="meeting-describe"),
    path("meetings/<uuid:public_id>/cancel/", meetings.cancel, name="meeting-cancel"),
    path("meetings/<uuid:public_id>/restore/", meetings.restore, name="meeting-restore"),
    path("meetings/<uuid:public_id>/hold/", meetings.hold, name="meeting-hold"),
    path("meetings/<uuid:public_id>/undo-hold/", meetings.undo_hold, name="meeting-undo-hold"),
    path("instructors/", instructors.InstructorList.as_view(), name="instructor-list"),
    path("instructors/new/", instructors.add, name="instructor-add"),
    path("instructors/<uuid:public_id>/", instructors.change, name="instructor-change"),
    path("rooms/", rooms.RoomList.as_view(), name="room-list"),
    path("rooms/new/", rooms.add, name="room-add"),
    path("rooms/<uuid:public_id>/", rooms.change, name="room-change"),
]
attendance_urls = [
    path("batches/<uuid:public_id>/attendance/", attendance.grid, name="attendance-grid"),
    path("batches/<uuid:public_id>/attendance.pdf", attendance.sheet, name="attendance-sheet"),
    path(
        "meetings/<uuid:public_id>/attendance/", attendance.meeting_list, name="meeting-attendance"
    ),
    path("meetings/<uuid:public_id>/attendance/cell/", attendance.cell, name="meeting-cell"),
    path(
        "meetings/<uuid:public_id>/attendance/all/", attendance.all_present, name="meeting-present"
    ),
    path(
        "meetings/<uuid:public_id>/attendance/changes/", attendance.changes, name="meeting-changes"
    ),
]

urlpatterns = batch_urls + slot_urls + selection_urls + course_urls + waiting_urls + tool_urls
urlpatterns += plan_urls
urlpatterns += upload_urls
urlpatterns += meeting_urls + attendance_urls
result_urls = [
    path("batches/<uuid:public_id>/results/", results.sheet, name="batch-results"),
    path("batches/<uuid:public_id>/outcomes/", results.outcome_list, name="batch-outcomes"),
    path(
        "batches/<uuid:public_id>/outcomes/suggested/",
        results.complete_suggested,
        name="batch-outcomes-suggested",
    ),
    path(
        "participants/<uuid:public_id>/outcome/undo/",
        results.undo_outcome,
        name="enrolment-outcome-undo",
    ),
]
certificate_urls = [
    path("certificates/", certificates.CertificateList.as_view(), name="certificate-list"),
    path("certificates/<uuid:public_id>/", certificates.detail, name="certificate-detail"),
    path("certificates/<uuid:public_id>/revoke/", certificates.revoke, name="certificate-revoke"),
    path("certificates/<uuid:public_id>/paper.pdf", certificates.pdf, name="certificate-pdf"),
    path("certificates/<uuid:public_id>/scan/", certificates.scan, name="certificate-scan"),
    path("batches/<uuid:public_id>/certificates/", certificates.of_batch, name="batch-papers"),
    path(
        "batches/<uuid:public_id>/certificates/issue/",
        certificates.issue_all,
        name="batch-papers-issue",
    ),
    path(
        "participants/<uuid:public_id>/certificates/new/",
        certificates.record,
        name="enrolment-paper",
    ),
    path(
        "participants/<uuid:public_id>/certificates/issue/",
        certificates.issue,
        name="enrolment-paper-issue",
    ),
]

urlpatterns += result_urls + certificate_urls
