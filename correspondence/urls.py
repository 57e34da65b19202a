from django.urls import path

from correspondence.views import letters, notices

app_name = "correspondence"

notice_urls = [
    path("notices/", notices.inbox, name="notice-list"),
    path("notices/read/", notices.read_all, name="notice-read-all"),
    path("notices/<uuid:public_id>/open/", notices.open_one, name="notice-open"),
    path("notices/<uuid:public_id>/acknowledge/", notices.acknowledge, name="notice-acknowledge"),
]

letter_urls = [
    path("letters/", letters.LetterList.as_view(), name="letter-list"),
    path("letters/<uuid:public_id>/pdf/", letters.pdf, name="letter-pdf"),
]

urlpatterns = [*notice_urls, *letter_urls]
