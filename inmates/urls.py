from django.urls import path

from inmates.views import import_report, inmates, register_import

app_name = "inmates"
urlpatterns = [
    path("inmates/", inmates.InmateList.as_view(), name="inmate-list"),
    path("inmates/import/", register_import.start, name="import-list"),
    path("inmates/import/<uuid:public_id>/", register_import.detail, name="import-detail"),
    path("inmates/import/<uuid:public_id>/apply/", register_import.apply, name="import-apply"),
    path("inmates/import/<uuid:public_id>/cancel/", register_import.cancel, name="import-cancel"),
    path(
        "inmates/import/<uuid:public_id>/columns/", register_import.explain, name="import-explain"
    ),
    path("inmates/import/<uuid:public_id>/report/", import_report.download, name="import-report"),
    path("inmates/<uuid:public_id>/nik/", inmates.state_nik, name="inmate-nik"),
]
