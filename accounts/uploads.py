"""How uploaded files reach a form."""

import io

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

BESIDE = 1  # a sheet that comes with its scans


class FirstFiles(FileUploadHandler):
    """Drops the content of files beyond `UPLOAD_MOST_FILES` and one beside them.

    They arrive empty, so that a form can count them and say so, and cost no memory and no disk.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.number = 0

    @property
    def is_surplus(self):
        return self.number > settings.UPLOAD_MOST_FILES + BESIDE

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.number += 1
        if self.is_surplus:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data, start):
        return None if self.is_surplus else raw_data

    def file_complete(self, file_size):
        if not self.is_surplus:
            return None
        nothing = io.BytesIO()
        return InMemoryUploadedFile(
            nothing, self.field_name, self.file_name, self.content_type, 0, self.charset
        )
