"""The house keeps its order: who imports whom, how long a module is, who writes a state."""

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
LONGEST = 400

# An app imports only from apps with a lower number. Apps with the same number do not know
# each other.
APPS = {
    "accounts": 0,
    "correspondence": 1,
    "inmates": 2,
    "partners": 2,
    "training": 3,
    "placements": 4,
    "reports": 5,
    "lapasprog": 6,
}

# The rooms of an app. A module imports only from its own room and from lower ones, in any app.
# A new file needs a room: ask which of these it resembles.
ROOMS = {
    0: "states querysets rules steps eligibility kinds roles refusals nik logs privacy permissions"
    " employment teaching timetable marks readings attended letter_kinds paragraphs register"
    " regions timeline searched calendar sheet sheets spreadsheets asking needed known shared"
    " reads wall words statements prepared beforehand by_key inserts markup addresses days sought"
    " once at_most_one create_models",
    1: "models grants stand_ins sight",
    2: "ranking matching checklist documents reminders sources history files enqueue typesetting"
    " figures attendance_figures grid deadlines waiting agency navigation integrity person search"
    " duplicates posts papers work closing_paper plan_paper plan_picture panels"
    " sections meeting_sections day_sections story chapters log calendars paths bars ways"
    " attended_sums publishing monthly monthly_paper dashboards residents lines news kept"
    " badges followed foreseen replay uploads referred breaches breach_paper acts"
    " histories leftovers checks session_store listed",
    3: "services demo",
    4: "forms filters tables lists columns cells exported lanes",
    5: "views urls tasks admin management templatetags middleware adapter",
}
ROOM_OF = {name: number for number, names in ROOMS.items() for name in names.split()}
WIRING = {"apps", "__init__"}  # what starts an app may reach all of it
# The house around the apps: settings, addresses, commands.
HOUSE_ITSELF = "lapasprog"


def _modules():
    for app in APPS:
        for path in sorted((HOUSE / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


EXCEPTIONS = {
    # Celery's app is made together with the settings; only this module publishes to it.
    ("correspondence/enqueue.py", "lapasprog.celery.app"),
}
MODULES = [
    pytest.param(path, id=path.relative_to(HOUSE).as_posix())
    for path in _modules()
    if path.read_text().strip()
]


def parts(path):
    """(app, room's name) of a module: `training/services/slots.py` is (training, services)."""
    inside = path.relative_to(HOUSE).with_suffix("").parts
    return inside[0], inside[1]


def imported(path):
    """Dotted names of our own modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            # `from training.services import slots` and `from training import rules`
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in APPS)


@pytest.mark.parametrize("path", MODULES)
def test_apps_import_downwards(path):
    app, _room = parts(path)
    here = path.relative_to(HOUSE).as_posix()
    for name in imported(path):
        if (here, name) in EXCEPTIONS:
            continue
        other = name.split(".")[0]
        assert other == app or APPS[other] < APPS[app], f"{app} may not import {name}"


@pytest.mark.parametrize("path", MODULES)
def test_rooms_import_downwards(path):
    app, room = parts(path)
    if app == HOUSE_ITSELF or room in WIRING:
        return
    assert room in ROOM_OF, f"{room} has no room yet"
    for name in imported(path):
        other = name.split(".")[1]
        if other in ROOM_OF:
            assert ROOM_OF[other] <= ROOM_OF[room], f"{room} may not import {name}"


@pytest.mark.parametrize("path", MODULES)
def test_modules_stay_short(path):
    assert len(path.read_text().splitlines()) <= LONGEST


def test_nothing_is_called_utils():
    assert not [path for path in _modules() if path.stem in ("utils", "helpers", "misc")]


@pytest.mark.parametrize("path", MODULES)
def test_only_services_write_a_state(path):
    if parts(path)[1] in ("services", "demo"):
        return
    written = list(_states_written(ast.parse(path.read_text())))
    assert not written, f"lines {written}: a state changes in a service"


def _states_written(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [
                element
                for target in targets
                for element in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
            if any(isinstance(each, ast.Attribute) and each.attr == "state" for each in flat):
                yield node.lineno
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "update"
            and any(keyword.arg == "state" for keyword in node.keywords)
        ):
            yield node.lineno


VIEWS = [param for param in MODULES if "views" in param.values[0].parts]
READS_ALL = {"all", "get", "filter", "exclude", "create", "update", "delete", "count", "first"}


@pytest.mark.parametrize("path", VIEWS)
def test_views_read_only_what_the_reader_may_see(path):
    tree = ast.parse(path.read_text())
    outer = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
            asked = set(_chain(node, outer))
            assert "visible_to" in asked or not asked & READS_ALL, f"line {node.lineno}"


def _chain(node, outer):
    """Names of what is called one after the other on a manager: `.filter(...).order_by(...)`."""
    while isinstance(outer.get(node), ast.Attribute | ast.Call):
        around = outer[node]
        if isinstance(around, ast.Call) and around.func is not node:
            return
        if isinstance(around, ast.Attribute):
            yield around.attr
        node = around


@pytest.mark.parametrize("path", VIEWS)
def test_views_send_no_mail_and_lock_nothing(path):
    text = path.read_text()
    for word in ("send_mail", "select_for_update", ".save(", "notices.tell", "transaction.atomic"):
        assert word not in text


@pytest.mark.parametrize(
    "path", [param for param in MODULES if "services" in param.values[0].parts]
)
def test_services_render_nothing(path):
    # A letter's and a mail's text is made of templates; pages are the views' business.
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.module not in ("django.shortcuts", "django.http"), f"line {node.lineno}"
