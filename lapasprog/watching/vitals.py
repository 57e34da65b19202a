"""Is it healthy? Each part of the installation in one sentence, and what to do if it is not."""

import shutil
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.states import PulseKind
from lapasprog.readiness import SWEEP_MAX_AGE
from lapasprog.watching import figures

GOOD, WAIT, BAD, QUIET = "good", "wait", "bad", "quiet"
ALIVE_WITHIN = timedelta(minutes=5)
REMEMBERED = timedelta(days=1)  # so long a worker that is gone, or a failure, is told
MAIL_MAX_AGE = timedelta(minutes=30)
QUEUE_MAX_AGE = timedelta(minutes=10)
BACKUP_MAX_AGE = timedelta(hours=settings.BACKUP_MAX_AGE_HOURS)
FULL_PERCENT, NEARLY_FULL_PERCENT = 95, 85
CERTIFICATE_SOON_DAYS = 14


@dataclass
class Vital:
    """One part: how it is (`tone`), in a sentence, and what to do when it is not well."""

    name: str
    tone: str
    sentence: str
    advice: str = ""


def all_of_them():
    """The parts, in the order in which one looks for what is wrong."""
    read = figures.fresh()
    return [
        _database(read),
        _wall(),
        _broker(read),
        _workers(read),
        _beat(read),
        _sweep(read),
        _mail(read),
        _failures(read),
        _disk(),
        _backup(read),
        _certificate(read),
    ]


def _ago(at):
    if timezone.now() - at < timedelta(minutes=1):
        return _("baru saja")
    return _("%(time)s lalu") % {"time": timesince(at, depth=1)}


def _newest(read, kind):
    return max((pulse for pulse in read.pulses if pulse.kind == kind), key=_at, default=None)


def _at(pulse):
    return pulse.at


def _database(read):
    name = _("Basis data")
    if read.database:
        return Vital(
            name,
            BAD,
            _("Angka-angkanya tidak terbaca (%(error)s).") % {"error": read.database},
            _("Periksa apakah PostgreSQL berjalan dan tidak kelebihan beban."),
        )
    size = read.database_bytes / 1_000_000
    words = {"size": f"{size:,.0f}".replace(",", "."), "used": read.connections}
    words["most"] = read.connections_most
    sentence = _(
        "Menjawab. Besarnya %(size)s MB; %(used)d dari paling banyak %(most)d sambungan dipakai."
    )
    if read.connections > 0.8 * read.connections_most:
        advice = _("Naikkan max_connections, atau kurangi WEB_WORKERS dan WEB_THREADS.")
        return Vital(name, WAIT, sentence % words, advice)
    return Vital(name, GOOD, sentence % words)


def _wall():
    name = _("Dinding kedua")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, 'lapas_liaison', 'SET')"
            " AND to_regnamespace('liaison') IS NOT NULL"
            " AND EXISTS (SELECT FROM pg_policies WHERE policyname = 'liaison_sees_own')"
            if connection.pg_version >= 160000
            else "SELECT to_regnamespace('liaison') IS NOT NULL"
        )
        stands = cursor.fetchone()[0]
    if stands:
        return Vital(name, GOOD, _("Berdiri: narahubung hanya membaca milik instansinya."))
    return Vital(
        name,
        BAD,
        _("Tidak berdiri: halaman narahubung ditolak."),
        _(
            "Jalankan «manage.py migrate --database owner»; bila tetap begini, beri hak "
            "«GRANT lapas_liaison TO lapas_app WITH INHERIT FALSE, SET TRUE»."
        ),
    )


def _broker(read):
    name = _("Perantara tugas")
    if read.broker:
        return Vital(
            name,
            BAD,
            _("Tidak menjawab (%(error)s). Halaman tetap berjalan; surel dan cetakan menunggu.")
            % {"error": read.broker},
            _("Jalankan lagi Valkey. Tidak ada pekerjaan yang hilang: antreannya di basis data."),
        )
    sentence = ngettext(
        "Menjawab, %(number)d tugas menunggu.", "Menjawab, %(number)d tugas menunggu.", read.queue
    ) % {"number": read.queue}
    if read.queue_age > QUEUE_MAX_AGE.total_seconds():
        return Vital(
            name,
            WAIT,
            sentence,
            _("Tugas tertua menunggu %(minutes)d menit: jalankan pekerja latar, atau tambah satu.")
            % {"minutes": read.queue_age // 60},
        )
    return Vital(name, GOOD, sentence)


def _workers(read):
    name, now = _("Pekerja latar"), timezone.now()
    known = [
        pulse
        for pulse in read.pulses
        if pulse.kind == PulseKind.WORKER and now - pulse.at < REMEMBERED
    ]
    alive = [pulse.name for pulse in known if now - pulse.at < ALIVE_WITHIN]
    silent = [pulse.name for pulse in known if pulse.name not in alive]
    advice = _("Periksa layanan «lapasprog-worker» dan catatannya.")
    if not alive:
        return Vital(name, BAD, _("Tidak ada yang berjalan: surel dan impor menunggu."), advice)
    words = {"number": len(alive), "names": ", ".join(alive)}
    sentence = ngettext(
        "%(number)d berjalan: %(names)s.", "%(number)d berjalan: %(names)s.", len(alive)
    )
    if silent:
        sentence += " " + _("Diam: %(silent)s.") % {"silent": ", ".join(silent)}
        return Vital(name, WAIT, sentence % words, advice)
    return Vital(name, GOOD, sentence % words)


def _beat(read):
    name, newest = _("Penjadwal"), _newest(read, PulseKind.BEAT)
    if newest and timezone.now() - newest.at < ALIVE_WITHIN:
        return Vital(name, GOOD, _("Berjalan, terakhir %(ago)s.") % {"ago": _ago(newest.at)})
    said = (
        _("Diam sejak %(ago)s.") % {"ago": _ago(newest.at)}
        if newest
        else _("Belum pernah terlihat.")
    )
    return Vital(name, BAD, said, _("Periksa layanan «lapasprog-beat» dan perantara tugas."))


def _sweep(read):
    name = _("Penyisiran pengingat")
    if read.swept_at is None:
        return Vital(name, WAIT, _("Belum pernah."), _("Jalankan «manage.py sweep_reminders»."))
    sentence = _("Terakhir %(ago)s.") % {"ago": _ago(read.swept_at)}
    if timezone.now() - read.swept_at > SWEEP_MAX_AGE:
        advice = _("Pengingat tertunda. Periksa penjadwal dan pekerja latar.")
        return Vital(name, BAD, sentence, advice)
    return Vital(name, GOOD, sentence)


def _mail(read):
    name = _("Surel")
    if read.unsent is None:
        return Vital(name, QUIET, _("Tidak terbaca."))
    words = {"unsent": read.unsent, "minutes": read.unsent_age // 60, "failed": read.failed_mails}
    sentence = (
        _("%(unsent)d menunggu, yang tertua %(minutes)d menit; %(failed)d gagal.")
        if read.unsent
        else _("Tidak ada yang menunggu; %(failed)d gagal.")
    ) % words
    if read.unsent_age > MAIL_MAX_AGE.total_seconds():
        return Vital(name, BAD, sentence, _("Periksa server surel (EMAIL_URL) dan pekerja latar."))
    if read.failed_mails:
        advice = _("Buka Surel di halaman admin: sebabnya tertulis, dan dapat dikirim lagi.")
        return Vital(name, WAIT, sentence, advice)
    return Vital(name, GOOD, sentence)


def _failures(read):
    name, now = _("Tugas gagal"), timezone.now()
    failed = [
        pulse
        for pulse in read.pulses
        if pulse.kind == PulseKind.FAILURE and now - pulse.at < REMEMBERED
    ]
    if not failed:
        return Vital(name, GOOD, _("Tidak ada dalam 24 jam terakhir."))
    named = ", ".join(f"{pulse.name} ({pulse.detail}, {_ago(pulse.at)})" for pulse in failed)
    return Vital(
        name,
        WAIT,
        _("Dalam 24 jam terakhir: %(named)s.") % {"named": named},
        _("Tugas diulang sendiri. Bila gagal terus, cari nama tugasnya dalam catatan pekerja."),
    )


def _disk():
    name = _("Ruang simpan berkas")
    try:
        usage = shutil.disk_usage(settings.VAR_DIR)
    except OSError as error:
        return Vital(name, BAD, str(error.strerror), _("Periksa folder data (LAPASPROG_VAR)."))
    percent = round(100 * (usage.total - usage.free) / usage.total)
    sentence = _("Terisi %(percent)d%%, tersisa %(free)d GB.") % {
        "percent": percent,
        "free": usage.free // 10**9,
    }
    if percent < NEARLY_FULL_PERCENT:
        return Vital(name, GOOD, sentence)
    advice = _("Kosongkan atau perbesar: bila penuh, unggahan dan cadangan ditolak.")
    return Vital(name, BAD if percent >= FULL_PERCENT else WAIT, sentence, advice)


def _backup(read):
    name = _("Cadangan data")
    if read.backed_up_at is None:
        tone = BAD if settings.PRODUCTION else QUIET
        return Vital(
            name,
            tone,
            _("Belum pernah dibuat."),
            _("Nyalakan lapasprog-backup.timer, atau jalankan «manage.py backup» setiap malam."),
        )
    sentence = _("Terakhir %(ago)s.") % {"ago": _ago(read.backed_up_at)}
    if timezone.now() - read.backed_up_at > BACKUP_MAX_AGE:
        return Vital(
            name, BAD, sentence, _("Lihat Cadangan data di halaman admin: sebabnya di sana.")
        )
    return Vital(name, GOOD, sentence)


def _certificate(read):
    name, newest = _("Sertifikat HTTPS"), _newest(read, PulseKind.HTTPS)
    if not settings.SITE_URL.startswith("https"):
        tone = BAD if settings.PRODUCTION else QUIET
        return Vital(name, tone, _("Alamat situs (SITE_URL) tidak memakai HTTPS."))
    if newest is None:
        return Vital(name, QUIET, _("Belum diperiksa; diperiksa setiap enam jam."))
    try:
        left = (date.fromisoformat(newest.detail) - timezone.localdate()).days
    except ValueError:
        return Vital(
            name,
            WAIT,
            _("Tidak dapat diperiksa (%(error)s).") % {"error": newest.detail},
            _("Periksa apakah server ini dapat membuka alamat situsnya sendiri."),
        )
    sentence = _("%(host)s: masih berlaku %(days)d hari.") % {"host": newest.name, "days": left}
    if left < CERTIFICATE_SOON_DAYS:
        advice = _("Perpanjang: sesudah lewat, peramban menolak situs ini.")
        return Vital(name, BAD if left < 3 else WAIT, sentence, advice)
    return Vital(name, GOOD, sentence)
