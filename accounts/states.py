"""Kinds of users, and how a state table becomes database triggers."""

from dataclasses import dataclass

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class PulseKind(models.TextChoices):
    """Parts of the installation that leave a sign of life (`accounts.services.pulses`)."""

    WORKER = "worker", _("pekerja latar")
    BEAT = "beat", _("penjadwal")
    TASK = "task", _("tugas selesai")
    FAILURE = "failure", _("tugas gagal")
    HTTPS = "https", _("sertifikat HTTPS")


class UserKind(models.TextChoices):
    STAFF = "staff", _("Petugas lapas")
    LIAISON = "liaison", _("Narahubung instansi")
    OBSERVER = "observer", _("Pemantau")
    ADMIN = "admin", _("Admin sistem")


class SignInKind(models.TextChoices):
    IN = "in", _("masuk")
    OUT = "out", _("keluar")
    FAILED = "failed", _("gagal masuk")


@dataclass(frozen=True)
class Move:
    """One allowed change of state: `act` names the service function, `who` the permission."""

    start: str
    end: str
    act: str
    who: str


def allows(transitions, start, end):
    """Whether `transitions` (a tuple of `Move`) holds a move from `start` to `end`."""
    return any(move.start == start and move.end == end for move in transitions)


def state_triggers(initial, transitions, field="state"):
    """The triggers that keep `field` inside its table, whoever writes.

    Needs a boolean field `entered_afterwards` on the model: a past fact may be born in any
    state when it is true, and it can never change.
    """
    born = ", ".join(f"'{state}'" for state in initial)
    pairs = sorted({(str(move.start), str(move.end)) for move in transitions})
    return [
        pgtrigger.FSM(name=f"{field}_moves", field=field, transitions=pairs),
        pgtrigger.Trigger(
            name=f"{field}_born",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=f"""
                IF NEW.{field} NOT IN ({born}) AND NOT NEW.entered_afterwards THEN
                    RAISE EXCEPTION 'a row cannot be born in state %', NEW.{field}
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_born';
                END IF;
                RETURN NEW;
            """,
        ),
        pgtrigger.Trigger(
            name="entered_afterwards_fixed",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func="""
                IF NEW.entered_afterwards IS DISTINCT FROM OLD.entered_afterwards THEN
                    RAISE EXCEPTION 'entered_afterwards never changes'
                    USING ERRCODE = 'restrict_violation',
                          CONSTRAINT = TG_TABLE_NAME || '_entered_afterwards';
                END IF;
                RETURN NEW;
            """,
        ),
    ]
