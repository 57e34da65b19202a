import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.base import RandomUUID
from accounts.prepared import asked_often
from accounts.privacy import words
from accounts.querysets import UserQuerySet
from accounts.reads import OWN_AGENCIES, introduced, own, where
from accounts.states import UserKind


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def get(self, *args, **kwargs):
        """Of an id alone, which each page asks for, the SQL and its plan are made once."""
        pk = kwargs.get("pk") if len(kwargs) == 1 and not args else None
        if type(pk) is not int or type(self) is not UserManager or self._db:
            return super().get(*args, **kwargs)
        for user in _with_id(pk):
            return user
        raise self.model.DoesNotExist(f"no user has the id {pk}")

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        fields |= {"kind": UserKind.ADMIN, "is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)


@asked_often
def _with_id(pk):
    return User.objects.filter(pk=pk)


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """Whoever signs in, by e-mail. What they may do comes from postings or from a liaison row."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    email = models.EmailField(_("alamat e-mail"), unique=True)
    name = models.CharField(_("nama"), max_length=150)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)
    phone = models.CharField(_("nomor telepon"), max_length=20, blank=True)
    kind = models.CharField(_("jenis"), max_length=10, choices=UserKind, default=UserKind.STAFF)
    language = models.CharField(_("bahasa"), max_length=2, default="id")
    is_staff = models.BooleanField(_("boleh masuk admin"), default=False)
    is_active = models.BooleanField(_("aktif"), default=True)
    date_joined = models.DateTimeField(_("terdaftar sejak"), auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    privacy = words(
        keep="id public_id email name kind language is_staff is_active is_superuser date_joined "
        "last_login",
        mask="nip phone",
        drop="password",
    )
    liaison_reads = (
        introduced(
            or_else=[
                own("id"),
                # Staff of the prisons that the agency works with: who asked, who answered.
                where(
                    "id IN (SELECT posting.user_id FROM public.accounts_posting posting"
                    " JOIN public.partners_partnership partnership USING (facility_id)"
                    f" WHERE partnership.agency_id = {OWN_AGENCIES})"
                ),
            ]
        )
        # Of a password only whether there is one: who was invited and has not come yet.
        .showing(
            "public_id name kind language is_active",
            email="CASE WHEN {fully} THEN email ELSE '' END",
            password="CASE WHEN {fully} THEN left(password, 1) ELSE '!' END",
        )
    )

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Alamat e-mail ini sudah dipakai."),
            ),
            models.UniqueConstraint(fields=["id", "kind"], name="user_id_kind"),
        ]

    def __str__(self):
        return self.name or self.email

    @property
    def is_liaison(self):
        return self.kind == UserKind.LIAISON

    @cached_property
    def current_postings(self):
        """Postings that hold today, oldest first, with their facility and their role's acts; read
        once per request. A liaison has none."""
        if self.is_liaison:
            return []
        return self.postings.model.objects.held_by(self)

    @cached_property
    def facility_ids(self):
        """Ids of the prisons whose rows this user may see."""
        return {posting.facility_id for posting in self.current_postings}

    @cached_property
    def roles(self):
        """Names of the roles held today, at any prison."""
        return {posting.role_id for posting in self.current_postings}

    @property
    def facility(self):
        """The prison one works at: that of the oldest current posting, or None."""
        return self.current_postings[0].facility if self.current_postings else None
