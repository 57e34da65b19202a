"""Is every new migration safe while the release before it still runs? For `make lint`.

Old code must work on the new schema (docs/operations.md, "Upgrade"): nothing is dropped or renamed
that it reads, no column is required that it does not write, no index keeps writers waiting.
`deploy/migrations-judged` names the migrations that are not asked any more, and why.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
JUDGED = HERE / "migrations-judged"
# Further than the linter's own errors: what locks a table for as long as an index is built.
LOCKS = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX"]


def judged():
    lines = (line.partition("#")[0].strip() for line in JUDGED.read_text().splitlines())
    return [line for line in lines if line]


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapasprog.settings")
    sys.path.insert(0, str(HERE.parent))
    from lapasprog import embedded

    with embedded.services_for(["manage.py", "lint_migrations"]):
        import django

        django.setup()
        from django.apps import apps
        from django_migration_linter import MigrationLinter

        ours = [each.label for each in apps.get_app_configs() if (HERE.parent / each.name).is_dir()]
        known = set(judged())

        class NewOnes(MigrationLinter):
            def should_ignore_migration(self, app_label, migration_name, *args, **kwargs):
                return app_label not in ours or f"{app_label}.{migration_name}" in known

        linter = NewOnes(
            str(HERE.parent),
            database="owner",
            no_cache=True,
            quiet=["ok", "ignore"],
            warnings_as_errors_tests=LOCKS,
            analyser_string="postgresql",
        )
        names = {
            f"{app}.{name}" for app, name in linter.migration_loader.disk_migrations if app in ours
        }
        if gone := known - names:
            sys.exit(
                f"{JUDGED.name} names migrations that are not there: {', '.join(sorted(gone))}"
            )
        linter.lint_all_migrations()
        linter.print_summary()
        if linter.has_errors:
            sys.exit(
                "A release may only add. Take two: first add and write both, drop with the next "
                f"one; then name it in deploy/{JUDGED.name} with the reason."
            )


if __name__ == "__main__":
    main()
