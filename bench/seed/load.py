"""How rows get into their tables: made by one connection, copied in by another."""

import os
import threading
import time

from django.apps import apps
from django.db import connections
from django.db.models import NOT_PROVIDED

BLOCK = 1 << 20
# What is looked up while rows go in: it comes back at the end, over the whole table.
TAKEN = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                  pg_get_constraintdef(oid))
      FROM pg_constraint c
     WHERE conrelid = ANY (%(tables)s::regclass[])
       AND (contype = 'f' OR contype IN ('x', 'u') AND NOT EXISTS (
            SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid))
     ORDER BY contype  -- foreign keys first"""
INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
      FROM pg_index i
     WHERE indrelid = ANY (%(tables)s::regclass[]) AND NOT EXISTS (
           SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"""


class Rows:
    """Rows of a table: `columns` are SQL by the field's name, over what `source` (FROM ...) gives.

    A field that is not named has its default.
    """

    def __init__(self, model, source, /, **columns):
        self.model = apps.get_model(model) if isinstance(model, str) else model
        self.source, self.columns = source, columns

    @property
    def table(self):
        return self.model._meta.db_table

    def told(self, connection):
        """`{column: SQL}`, with the defaults of what the table needs and nobody named."""
        given = {self.model._meta.get_field(name): sql for name, sql in self.columns.items()}
        return {
            each.column: given[each] if each in given else self._default(each, connection)
            for each in self.model._meta.local_concrete_fields
            if each in given or self._is_needed(each)
        }

    def _is_needed(self, each):
        by_itself = each.primary_key or each.generated or each.null
        return not by_itself and each.db_default is NOT_PROVIDED

    def _default(self, each, connection):
        value = each.get_db_prep_save(each.get_default(), connection)
        if value is None:
            raise ValueError(f"{self.model._meta.label} needs {each.name}")
        with connection.cursor() as cursor:
            return cursor.mogrify("%s", [value]).decode()


class Load:
    """A block in which tables are filled; at its end they are as they were, with their rows.

    A large load takes keys and indexes away meanwhile.
    """

    def __init__(self, say, *, is_large):
        self.say, self.is_large = say, is_large
        self.owner = connections["owner"]
        self.source = self.owner.copy("owner")
        self.tables, self.back = [], []

    def __enter__(self):
        for connection in (self.owner, self.source):
            with connection.cursor() as cursor:
                cursor.execute("SET work_mem = '256MB'; SET synchronous_commit = off")
                cursor.execute("SET maintenance_work_mem = '512MB'; SET jit = off")
        self.execute("DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench")
        return self

    def __exit__(self, *problem):
        self.source.close()
        if problem[0] is None:
            self._bring_back()
            self.execute("DROP SCHEMA bench CASCADE")
        with self.owner.cursor() as cursor:
            cursor.execute("RESET ALL")

    def execute(self, sql):
        with self.owner.cursor() as cursor:
            cursor.execute(sql)
            return cursor.rowcount

    def lay(self, name, select, *keys):
        """A table of its own for what several tables are made from; looked up by each key."""
        self.execute(f"CREATE UNLOGGED TABLE bench.{name} AS {select}")
        for key in keys:
            self.execute(f"CREATE INDEX ON bench.{name} ({key})")
        self.execute(f"ANALYZE bench.{name}")

    def run(self, rows):
        """Fill the tables in this order."""
        rows = list(rows)
        new = [each.table for each in rows if each.table not in self.tables]
        self._take_away(list(dict.fromkeys(new)))
        for each in rows:
            began = time.monotonic()
            count = self._copy(each)
            self.say(f"  {each.table}: {count:,} in {time.monotonic() - began:.1f} s")

    def _copy(self, rows):
        with self.source.cursor() as source, self.owner.cursor() as target:
            told = rows.told(self.source)
            select = f"SELECT {', '.join(told.values())} {rows.source}"
            columns = ", ".join(f'"{column}"' for column in told)
            reader, writer = os.pipe()
            problems = []
            making = threading.Thread(target=_make, args=(source, select, writer, problems))
            making.start()
            try:
                with open(reader, "rb") as stream:
                    target.cursor.copy_expert(
                        f"COPY {rows.table} ({columns}) FROM STDIN", stream, BLOCK
                    )
            finally:
                making.join()
            if problems:
                raise problems[0]
            return target.cursor.rowcount

    def _take_away(self, tables):
        with self.owner.cursor() as cursor:
            taken = []
            for question in (TAKEN, INDEXES) if self.is_large else ():
                cursor.execute(question, {"tables": tables})
                taken += cursor.fetchall()
            for drop, _add in taken:
                cursor.execute(drop)
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.back += [add for _drop, add in taken]
        self.tables += tables

    def _bring_back(self):
        began = time.monotonic()
        with self.owner.cursor() as cursor:
            for table in self.tables:
                cursor.execute(f"ANALYZE {table}")
            for add in sorted(self.back, key=lambda sql: "FOREIGN KEY" in sql):
                cursor.execute(add)
            for table in self.tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
                cursor.execute(
                    "SELECT a.attname, pg_get_serial_sequence(%(table)s, a.attname)"
                    "  FROM pg_attribute a"
                    " WHERE a.attrelid = %(table)s::regclass AND a.attidentity <> ''",
                    {"table": table},
                )
                for column, sequence in cursor.fetchall():
                    cursor.execute(f"SELECT setval('{sequence}', max({column})) FROM {table}")
        self.say(f"  keys and indexes in {time.monotonic() - began:.0f} s")


def _make(source, select, writer, problems):
    try:
        with open(writer, "wb") as stream:
            source.cursor.copy_expert(f"COPY ({select}) TO STDOUT", stream, BLOCK)
    except Exception as problem:
        problems.append(problem)
