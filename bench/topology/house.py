"""All processes of the topology on one machine, none the other's child."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent.parent
HTTPS, WEBS = 8540, (8541, 8542)
LEASE = 5


class House:
    """All processes; `start` and `kill` by name."""

    def __init__(self, folder, before):
        self.folder, self.before, self.running = folder, before, {}
        self.environment = {
            **os.environ,
            "LAPASPROG_VAR": str(folder),
            "TRUSTED_PROXY_COUNT": "1",
            "SITE_URL": f"https://localhost:{HTTPS}",
            "SWEEP_SECONDS": "3",
            "DELIVER_SECONDS": "1",
            "MAIL_LEASE_SECONDS": str(LEASE),
            "EMAIL_FILE_PATH": str(folder / "outbox"),
        }
        celery = (sys.executable, "-m", "celery", "-A", "lapasprog")
        web = (sys.executable, "-m", "gunicorn", "-c", "python:lapasprog.gunicorn")
        quiet = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
        self.commands = {
            **{f"web{port}": (web, {"PORT": str(port)}) for port in WEBS},
            **{
                f"worker{n}": ((*celery, "worker", "-n", f"w{n}@topology", "-c", "2", *quiet), {})
                for n in (1, 2, 3)
            },
            **{
                f"beat{n}": ((*celery, "beat", "--pidfile=", f"--schedule={folder}/b{n}"), {})
                for n in (1, 2)
            },
            "nginx": (("nginx", "-p", folder, "-c", self._nginx(), "-g", "daemon off;"), {}),
        }

    def start(self, name):
        command, further = self.commands[name]
        old = self.before if name == f"web{WEBS[1]}" else None
        if old and not (old / "lapasprog" / "gunicorn.py").exists():
            bind = ("lapasprog.wsgi", "--bind", f"127.0.0.1:{WEBS[1]}", "--workers", "2")
            command = (sys.executable, "-m", "gunicorn", *bind, "--threads", "4")
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [str(each) for each in command],
                cwd=old or HERE,
                env={**self.environment, **further, "BEAT_NAME": name},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name, with_=signal.SIGKILL):
        process = self.running.pop(name)
        os.killpg(process.pid, with_)
        process.wait(30)

    def stop(self):
        for name in list(self.running):
            self.kill(name, signal.SIGTERM if name == "nginx" else signal.SIGKILL)

    def _nginx(self):
        folder = self.folder
        request = (
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
        )
        files = ("-keyout", folder / "key.pem", "-out", folder / "cert.pem")
        subprocess.run([*request, *files], check=True, capture_output=True)
        text = (HERE / "deploy" / "nginx" / "lapasprog.conf").read_text()
        host = "lapasprog.example.go.id"
        for old, new in (
            ("listen 443", f"listen 127.0.0.1:{HTTPS}"),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("    listen [::]:80;\n", ""),
            ("listen 80;", f"listen 127.0.0.1:{HTTPS + 5};"),
            (f"/etc/letsencrypt/live/{host}/fullchain.pem", f"{folder}/cert.pem"),
            (f"/etc/letsencrypt/live/{host}/privkey.pem", f"{folder}/key.pem"),
            ("/var/log/nginx/", f"{folder}/"),
            ("/opt/lapasprog", str(HERE)),
            ("Host $host;", "Host $host:$server_port;"),
            (host, "localhost"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        one = "    server 127.0.0.1:8001 max_fails=1 fail_timeout=5s;\n"
        assert one in text
        text = text.replace(one, "".join(one.replace("8001", str(port)) for port in WEBS))
        (folder / "site.conf").write_text(text)
        main = folder / "nginx.conf"
        main.write_text(
            f"pid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\nevents {{}}\nhttp {{\n"
            f"include /etc/nginx/mime.types;\ninclude {folder}/site.conf;\n}}\n"
        )
        return main


def older(folder, revision):
    if revision is None:
        return None
    old = folder / "older"
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir()
    giving = subprocess.Popen(["git", "archive", revision], cwd=HERE, stdout=subprocess.PIPE)
    subprocess.run(["tar", "x", "-C", old], stdin=giving.stdout, check=True)
    shutil.copytree(HERE / "locale", old / "locale", dirs_exist_ok=True)
    return old


def prepare(house):
    manage = [sys.executable, "manage.py"]
    for command in (
        ["createcachetable", "--database", "owner"],
        ["migrate", "--database", "owner", "-v", "0"],
        ["collectstatic", "--no-input", "-v", "0"],
        ["load_demo", "--if-empty"],
    ):
        subprocess.run(
            [*manage, *command], cwd=HERE, env=house.environment, check=True, capture_output=True
        )
