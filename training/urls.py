from django.urls import path

from training.views import batches, courses, decrees, hearings, selection, slots, waiting

app_name = "training"

batch_urls = [
    path("batches/", batches.BatchList.as_view(), name="batch-list"),
    path("batches/new/", batches.plan, name="batch-plan"),
    path("batches/<uuid:public_id>/", batches.detail, name="batch-detail"),
    path("batches/<uuid:public_id>/start/", batches.start, name="batch-start"),
    path("batches/<uuid:public_id>/finish/", batches.finish, name="batch-finish"),
    path("batches/<uuid:public_id>/cancel/", batches.cancel, name="batch-cancel"),
]
slot_urls = [
    path("batches/<uuid:public_id>/slots/new/", slots.propose, name="slot-propose"),
    path("slots/", slots.inbox, name="slot-inbox"),
    path("slots/<uuid:public_id>/", slots.answer, name="slot-answer"),
    path("slots/<uuid:public_id>/accept/", slots.accept, name="slot-accept"),
    path("slots/<uuid:public_id>/counter/", slots.counter, name="slot-counter"),
    path("slots/<uuid:public_id>/decline/", slots.decline, name="slot-decline"),
    path("slots/<uuid:public_id>/withdraw/", slots.withdraw, name="slot-withdraw"),
    path("slots/<uuid:public_id>/extend/", slots.extend, name="slot-extend"),
    path("slots/<uuid:public_id>/record/", slots.record, name="slot-record"),
    path("slots/<uuid:public_id>/object/", slots.object_to, name="slot-object"),
]
selection_urls = [
    path("batches/<uuid:public_id>/candidates/", selection.propose, name="candidate-propose"),
    path("candidates/<uuid:public_id>/withdraw/", selection.withdraw, name="candidate-withdraw"),
    path("batches/<uuid:public_id>/participants/", selection.participants, name="participant-list"),
    path("hearings/", hearings.HearingList.as_view(), name="hearing-list"),
    path("batches/<uuid:public_id>/hearing/", hearings.schedule, name="hearing-schedule"),
    path("hearings/<uuid:public_id>/", hearings.record, name="hearing-record"),
    path("hearings/<uuid:public_id>/undo/", hearings.undo, name="hearing-undo"),
    path("hearings/<uuid:public_id>/agenda.pdf", hearings.agenda, name="hearing-agenda"),
    path("hearings/<uuid:public_id>/minutes.pdf", hearings.minutes, name="hearing-minutes"),
    path("batches/<uuid:public_id>/decree/", decrees.prepare, name="decree-prepare"),
    path("decrees/<uuid:public_id>/", decrees.detail, name="decree-detail"),
    path("decrees/<uuid:public_id>/issue/", decrees.issue, name="decree-issue"),
    path("decrees/<uuid:public_id>/send-back/", decrees.send_back, name="decree-send-back"),
]
course_urls = [
    path("courses/", courses.CourseList.as_view(), name="course-list"),
    path("courses/<uuid:public_id>/", courses.detail, name="course-detail"),
    path("courses/<uuid:public_id>/requirements/", courses.require, name="course-require"),
]
waiting_urls = [
    path("waiting/", waiting.WaitingList.as_view(), name="waiting-list"),
    path("waiting/<uuid:public_id>/withdraw/", waiting.withdraw, name="waiting-withdraw"),
    path("inmates/<uuid:public_id>/waiting/", waiting.add, name="waiting-add"),
]

urlpatterns = batch_urls + slot_urls + selection_urls + course_urls + waiting_urls
