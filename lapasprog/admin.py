from django.contrib import admin

from accounts.admin import ReadOnly
from lapasprog.models import BackupRun


@admin.register(BackupRun)
class BackupRunAdmin(ReadOnly):
    list_display = ("at", "ok", "archive", "size", "files", "is_sealed", "seconds", "failure")
    list_filter = ("ok",)
