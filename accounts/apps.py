from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_migrate, pre_migrate
from django.template import base
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Pengguna dan jabatan")

    def ready(self):
        from accounts import checks, grants, roles, wall  # noqa: F401 - checks register themselves
        from accounts.services import sessions, sign_ins
        from accounts.templatetags import plain

        base.render_value_in_context = plain.value_in_context  # of each variable of each template
        wall.connect_signals()
        pre_migrate.connect(grants.before_migrate, sender=self)  # sent before the first table
        post_migrate.connect(roles.create_missing_groups, sender=self)
        post_migrate.connect(grants.after_migrate, sender=self)  # sent once all tables are made
        user_logged_in.connect(sessions.begin)
        user_logged_in.connect(sign_ins.signed_in)
        user_logged_out.connect(sign_ins.signed_out)
        user_login_failed.connect(sign_ins.failed)
