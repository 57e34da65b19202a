"""What is told when a post changes hands."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register

register(
    Kind(
        "post_taken_over",
        _("Jabatan diserahkan kepada Anda"),
        _("Anda memegang jabatan %(post)s di %(facility)s mulai %(starts)s."),
    ),
)
