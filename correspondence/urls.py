from django.urls import path

from correspondence.views import calendars, letter_bundles, letters, notices, reminders, verify

app_name = "correspondence"

notice_urls = [
    path("notices/", notices.inbox, name="notice-list"),
    path("notices/read/", notices.read_all, name="notice-read-all"),
    path("notices/<uuid:public_id>/open/", notices.open_one, name="notice-open"),
    path("notices/<uuid:public_id>/acknowledge/", notices.acknowledge, name="notice-acknowledge"),
    path("notices/<uuid:public_id>/snooze/", notices.snooze, name="notice-snooze"),
    path("notices/mails/", notices.mail_choices, name="mail-choices"),
    path("notices/calendar/", calendars.page, name="calendar-page"),
    path("notices/calendar/create/", calendars.create, name="calendar-create"),
    path("notices/calendar/revoke/", calendars.revoke, name="calendar-revoke"),
    path("calendar.ics", calendars.feed, name="calendar-feed"),
]

reminder_urls = [
    path("reminders/", reminders.rules, name="policy-list"),
    path("reminders/edit/", reminders.edit, name="policy-edit"),
    path("reminders/reset/", reminders.reset, name="policy-reset"),
    path("reminders/preview/", reminders.preview, name="preview-list"),
    path("reminders/log/", reminders.SentList.as_view(), name="sent-list"),
]

letter_urls = [
    path("letters/", letters.LetterList.as_view(), name="letter-list"),
    path("letters/new/", letters.draft, name="letter-draft"),
    path("letters/number/", letter_bundles.number, name="letter-number-many"),
    path("letters/sign/", letter_bundles.sign, name="letter-sign-many"),
    path("letters/<uuid:public_id>/", letters.detail, name="letter-detail"),
    path("letters/<uuid:public_id>/edit/", letters.edit, name="letter-edit"),
    path("letters/<uuid:public_id>/discard/", letters.discard, name="letter-discard"),
    path("letters/<uuid:public_id>/initial/", letters.initial, name="letter-initial"),
    path(
        "letters/<uuid:public_id>/request-number/",
        letters.request_number,
        name="letter-request-number",
    ),
    path("letters/<uuid:public_id>/give-number/", letters.give_number, name="letter-give-number"),
    path("letters/<uuid:public_id>/sign/", letters.sign, name="letter-sign"),
    path(
        "letters/<uuid:public_id>/sign-by-scan/", letters.sign_by_scan, name="letter-sign-by-scan"
    ),
    path("letters/<uuid:public_id>/send/", letters.send, name="letter-send"),
    path("letters/<uuid:public_id>/add-scan/", letters.add_scan, name="letter-add-scan"),
    path("letters/<uuid:public_id>/void/", letters.void, name="letter-void"),
    path("letters/<uuid:public_id>/preview/", letters.preview, name="letter-preview"),
    path("letters/<uuid:public_id>/pdf/", letters.pdf, name="letter-pdf"),
    path("letters/<uuid:public_id>/scan/", letters.scan, name="letter-scan"),
]

public_urls = [
    path("verify/", verify.ask, name="verify-ask"),
    path("verify/<str:code>/", verify.show, name="verify"),
]

urlpatterns = [*notice_urls, *reminder_urls, *letter_urls, *public_urls]
