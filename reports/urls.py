from django.urls import path

from reports.views import handover, home, impact, pipeline, search

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("impact/", impact.show, name="impact"),
    path("dashboard/", pipeline.pipeline, name="dashboard-pipeline"),
    path("participants/", pipeline.ParticipantList.as_view(), name="participant-list"),
    path("candidates/", pipeline.CandidacyList.as_view(), name="candidacy-list"),
    path("postings/", handover.overview, name="posting-overview"),
    path("postings/<uuid:public_id>/end/", handover.end, name="posting-end"),
    path("handovers/", handover.HandoverList.as_view(), name="handover-list"),
    path("handovers/<uuid:public_id>/", handover.detail, name="handover-detail"),
    path("handovers/<uuid:public_id>/pdf/", handover.pdf, name="handover-pdf"),
]
