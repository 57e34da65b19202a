from django.urls import path

from reports.views import (
    city,
    dashboards,
    handover,
    home,
    impact,
    monthly,
    pipeline,
    prisons,
    search,
)

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("impact/", impact.show, name="impact"),
    path("dashboard/", pipeline.pipeline, name="dashboard-pipeline"),
    path("participants/", pipeline.ParticipantList.as_view(), name="participant-list"),
    path("candidates/", pipeline.CandidacyList.as_view(), name="candidacy-list"),
    path("reports/", monthly.ReportList.as_view(), name="report-list"),
    path("reports/city/", city.report, name="city-report"),
    path("reports/city/publish/", city.publish, name="city-publish"),
    path("reports/new/", monthly.begin, name="report-begin"),
    path("reports/<uuid:public_id>/", monthly.detail, name="report-detail"),
    path("reports/<uuid:public_id>/complete/", monthly.complete, name="report-complete"),
    path("reports/<uuid:public_id>/recount/", monthly.recount, name="report-recount"),
    path("reports/<uuid:public_id>/report.xlsx", monthly.xlsx, name="report-xlsx"),
    path("dashboard/training/", dashboards.training, name="training-dashboard"),
    path("dashboard/agreements/", dashboards.agreements, name="agreements-dashboard"),
    path("dashboard/work/", dashboards.work, name="work-dashboard"),
    path("dashboard/prisons/", prisons.prisons, name="prisons-dashboard"),
    path("plan/list/", dashboards.PlanLineList.as_view(), name="plan-line-list"),
    path("obligations/", dashboards.ObligationList.as_view(), name="obligation-list"),
    path("agreements/idle/", dashboards.IdleAgreementList.as_view(), name="idle-agreement-list"),
    path("postings/", handover.overview, name="posting-overview"),
    path("postings/<uuid:public_id>/end/", handover.end, name="posting-end"),
    path("handovers/", handover.HandoverList.as_view(), name="handover-list"),
    path("handovers/<uuid:public_id>/", handover.detail, name="handover-detail"),
    path("handovers/<uuid:public_id>/pdf/", handover.pdf, name="handover-pdf"),
]
