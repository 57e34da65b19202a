from django.urls import path

from placements.views import person

app_name = "placements"
urlpatterns = [
    path("inmates/<uuid:public_id>/", person.detail, name="person-detail"),
]
