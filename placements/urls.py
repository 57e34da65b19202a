from django.urls import path

from placements.views import person, transfers

app_name = "placements"
urlpatterns = [
    path("inmates/<uuid:public_id>/", person.detail, name="person-detail"),
    path("transfers/", transfers.TransferList.as_view(), name="transfer-list"),
    path("transfers/<uuid:public_id>/", transfers.detail, name="transfer-detail"),
]
