"""wapiti over the site as one user: `deploy/scan.py BASE_URL EMAIL FOLDER SECONDS [ADDRESS ...]`.

For a demo only: it sends every form. It signs in with `SCAN_PASSWORD` (the demo's by default),
reads two pages of each kind (thousands look alike: the same page of another person) and attacks
each kind of form that it found once in every field, and each field of a link once (lists share the
code of their filters), each kind of attack for at most SECONDS. The two attacks that send hundreds
of texts for each field, and aim at files and commands of the machine, take a field of several forms
once, too. It begins at the home page, and at further ADDRESSes that no link leads to. The report
and the log stand in FOLDER; an attack that met its time says so in the log, and goes on where it
stopped when the scan is begun again with the same FOLDER. `SCAN_MODULES` names some kinds of
attacks only, `SCAN_ONLY` is `forms` or `links`: copies of a FOLDER that was crawled let several
scans share the work.
"""

import asyncio
import os
import re
import sys
from collections import defaultdict
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

import wapitiCore

wapitiCore.parser_name = "lxml"  # before anything of it reads a page: a fifth of the time

from wapitiCore.attack.mod_exec import ModuleExec  # noqa: E402
from wapitiCore.attack.mod_file import ModuleFile  # noqa: E402
from wapitiCore.main.wapiti import wapiti_main  # noqa: E402
from wapitiCore.net.explorer import Explorer  # noqa: E402
from wapitiCore.net.sql_persister import SqlPersister  # noqa: E402

MODULES = (
    *("cookieflags", "csp", "csrf", "http_headers", "methods", "redirect", "crlf", "xss"),
    *("permanentxss", "sql", "file", "exec", "upload", "xxe"),
)
NEVER = ("/logout/", "/account/sessions/end/", "/i18n/setlang/", "/static/")
OF_A_KIND = 2
ONCE_BY_NAME = {"file": ModuleFile, "exec": ModuleExec}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=/)\d+(?=/)")
# In the name of a field that each row of a form has.
ROW = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|(?<=-)\d+(?=-)")


def sign_in(base, email, kept):
    """The cookies of a new session, as one header. The forms of a crawl that was `kept` in a file
    hold the key of its cookie against forged posts: with another one each would be refused."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    page = browser.open(f"{base}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    password = os.environ.get("SCAN_PASSWORD", "lapasprog-demo")
    typed = {"csrfmiddlewaretoken": token, "login": email, "password": password}
    browser.open(f"{base}/login/", urlencode(typed).encode())
    cookies = {cookie.name: cookie.value for cookie in jar}
    if "sessionid" not in cookies:
        sys.exit(f"{email} could not sign in at {base}")
    if kept.exists():
        cookies["csrftoken"] = kept.read_text()
    kept.write_text(cookies["csrftoken"])
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def read_few_of_a_kind():
    """A third address that differs from two others in ids or values only is not asked for."""
    read, excluded = defaultdict(set), Explorer.is_forbidden

    def is_forbidden(explorer, url):
        parts = urlsplit(url)
        kind = ID.sub("<id>", parts.path), *sorted(parse_qs(parts.query, True))
        if url not in read[kind] and len(read[kind]) < OF_A_KIND:
            read[kind].add(url)
        return url not in read[kind] or excluded(explorer, url)

    Explorer.is_forbidden = is_forbidden


def attack_one_of_a_kind():
    """Forms that differ in ids, values or tokens only are one target, links of the same fields."""
    paths_of = SqlPersister._get_paths
    left_out = {"forms": {"GET"}, "links": {"POST"}}.get(os.environ.get("SCAN_ONLY"), set())

    async def one_of_a_kind(persister, *filters, **more):
        attacked = set()
        async for request, response in paths_of(persister, *filters, **more):
            names = set(map(kind_of_field, names_in(request)))
            place = request.method, ID.sub("<id>", request.path)
            if request.method == "POST" and more.get("module") not in ONCE_BY_NAME:
                parts = {(*place, *sorted(names))}
            else:
                parts = {(request.method, name) for name in names} or {place}
            if more.get("module") and request.method in left_out:
                continue
            if not (more.get("module") and parts <= attacked):
                attacked |= parts
                yield request, response

    SqlPersister._get_paths = one_of_a_kind


def attack_a_field_once(kind):
    """A field that was attacked in one row of a form, or in one form, is left alone in the next."""
    mutator_of, attack, attacked = kind.get_mutator, kind.attack, set()

    def get_mutator(module):
        mutator = mutator_of(module)
        mutator._skip_list = set(mutator._skip_list)  # all kinds of attacks share theirs
        return mutator

    async def attack_new_fields(module, request, response=None):
        new = {kind_of_field(name): name for name in reversed(names_in(request))}
        left_alone = set(names_in(request)) - {new[field] for field in new.keys() - attacked}
        skipped = module.mutator._skip_list | {quote(name) for name in left_alone}
        module.mutator._skip_list, kept = skipped, module.mutator._skip_list
        await attack(module, request, response)
        module.mutator._skip_list = kept
        attacked.update(new)

    kind.get_mutator, kind.attack = get_mutator, attack_new_fields


def names_in(request):
    fields = (*request.get_params, *request.post_params, *request.file_params)
    return [field[0] for field in fields]


def kind_of_field(name):
    return ROW.sub("<row>", name)


def main(base, email, folder, seconds, *addresses):
    Path(folder).mkdir(parents=True, exist_ok=True)
    read_few_of_a_kind()
    attack_one_of_a_kind()
    for kind in ONCE_BY_NAME.values():
        attack_a_field_once(kind)
    kept = Path(folder) / "csrftoken"
    goes_on = any(Path(folder).glob("*.db"))
    modules = os.environ.get("SCAN_MODULES") or ",".join(MODULES)
    sys.argv = [
        *("wapiti", "-u", f"{base}/", "--scope", "domain", "-C", sign_in(base, email, kept)),
        "--skip-crawl" if goes_on else "--flush-session",
        *("--no-bugreport", "--tasks", "4"),
        *("--skip", "csrfmiddlewaretoken"),
        *("-m", modules, "-l", "1", "-S", "normal", "--max-scan-time", "1200"),
        *("--max-attack-time", seconds, "-v", "2", "--log", f"{folder}/log.txt"),
        *("-f", "json", "-dr", "2", "-o", f"{folder}/report.json", "--store-session", folder),
    ]
    for address in addresses:
        sys.argv += ["-s", f"{base}{address}"]
    for address in NEVER:
        sys.argv += ["-x", f"{base}{address}*"]
    asyncio.run(wapiti_main())


if __name__ == "__main__":
    main(*sys.argv[1:])
