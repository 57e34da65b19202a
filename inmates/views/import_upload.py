"""A register is taken in up to its limit; what is larger is let go by without being kept.

The form's other fields are still read, so the page comes back with all that was typed.
"""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from inmates.register.files import too_large

FORM_BYTES = 100_000  # what a form may weigh beside its file


class WithinLimit(FileUploadHandler):
    """Skips a file of more than `IMPORT_MAX_BYTES`; `problem` then says so."""

    problem = ""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > settings.IMPORT_MAX_BYTES + FORM_BYTES:
            self.problem = too_large(content_length)

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.problem:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > settings.IMPORT_MAX_BYTES:
            self.problem = too_large(start + len(raw_data))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
