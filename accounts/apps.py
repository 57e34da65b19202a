from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Pengguna dan jabatan")

    def ready(self):
        from accounts import grants, roles, wall
        from accounts.services import sessions

        wall.connect_signals()
        pre_migrate.connect(grants.before_migrate, sender=self)  # sent before the first table
        post_migrate.connect(roles.create_missing_groups, sender=self)
        post_migrate.connect(grants.after_migrate, sender=self)  # sent once all tables are made
        user_logged_in.connect(sessions.begin)
