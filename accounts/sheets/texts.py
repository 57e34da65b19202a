"""CSV: which letters, which separator, and where a broken file breaks."""

import codecs
import csv
import io
from itertools import islice

from django.utils.translation import gettext as _

from accounts.sheets.cells import tidy
from accounts.sheets.refusals import NotASheet

DELIMITERS = ",;\t"
BLOCK = 1_000_000
UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"


class CsvSheet:
    """The rows of a text file under one assumption about its separator."""

    def __init__(self, stream, encoding, delimiter):
        self._stream, self._encoding, self._delimiter = stream, encoding, delimiter

    def top(self, count):
        """The first rows; a defect among them is for whoever reads all to meet."""
        rows, numbered = [], self.numbered()
        try:
            rows.extend(islice(numbered, count))
        except NotASheet:
            rows = self._before_the_defect()
        finally:
            numbered.close()
        return rows

    def _before_the_defect(self):
        rows = []
        try:
            for row in self.numbered():
                rows.append(row)
        except NotASheet:
            return rows
        return rows

    @property
    def rows_total(self):
        self._stream.seek(0)
        blocks = iter(lambda: self._stream.read(BLOCK), b"")
        return sum(block.count(b"\n") for block in blocks) or 1

    def numbered(self):
        """(number, cells) from 1; raises `NotASheet` with the row where the text breaks."""
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, self._encoding, newline="")
        lines, number = _Lines(text), 0
        try:
            for cells in csv.reader(lines, delimiter=self._delimiter):
                number += 1
                if lines.ended:  # the reader closed by itself what the file left open
                    raise NotASheet(_unclosed(number))
                yield number, cells
        except csv.Error as error:
            raise NotASheet(_unclosed(number + 1)) from error
        except UnicodeDecodeError as error:
            raise NotASheet(_broken_letters(number + 1)) from error
        finally:
            text.detach()

    def watch(self, columns):
        return Ending(columns, self._ends_with_a_line())

    def _ends_with_a_line(self):
        self._stream.seek(0, io.SEEK_END)
        self._stream.seek(max(self._stream.tell() - 2, 0))
        return b"\n" in self._stream.read()


class _Lines:
    def __init__(self, text):
        self._text, self.ended = text, False

    def __iter__(self):
        for line in self._text:  # noqa: UP028 - `yield from` would close the text with this
            yield line
        self.ended = True


class Ending:
    """Whether the last row stops short: fewer cells than the header, which no other row has.

    A short closing line that is not numbered (a total, a signature) is none of the rows.
    """

    def __init__(self, columns, ends_with_a_line):
        self._columns, self._ends_with_a_line = columns, ends_with_a_line
        self._rows = self._short = 0
        self._last = (0, [])

    def see(self, number, cells):
        if self._rows and len(self._last[1]) < self._columns.width:
            self._short += 1
        self._rows += 1
        self._last = (number, cells)

    def check(self):
        number, cells = self._last
        if not self._rows or len(cells) >= self._columns.width or self._short:
            return
        if self._ends_with_a_line and self._rows == 1:
            return
        if self._columns.starts_with_number and not tidy(cells[0]).isdigit():
            return
        raise NotASheet(
            _(
                "Berkas ini terpotong: baris %(row)s, yang terakhir, hanya berisi %(cells)s dari"
                " %(width)s kolom. Tidak ada yang diimpor; unduh atau simpan ulang."
            )
            % {"row": number, "cells": len(cells), "width": self._columns.width}
        )


def _unclosed(row):
    return (
        _(
            "Berkas CSV rusak di baris %s: tanda kutip dibuka dan tidak ditutup, atau berkasnya"
            " terpotong di situ. Tidak ada yang diimpor; unduh atau simpan ulang."
        )
        % row
    )


def _broken_letters(row):
    return (
        _(
            "Berkas CSV rusak: huruf di sekitar baris %s tidak terbaca. Simpan ulang sebagai"
            " CSV UTF-8 atau XLSX."
        )
        % row
    )


# --- Encoding ------------------------------------------------------------------------------------
def encoding_of(stream, start):
    """The encoding of a text file; `NotASheet` with the row where its letters break."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    broken, good, bad, is_cp1252 = _letters(stream)
    if broken is None:
        return "utf-8-sig"
    if start.startswith(codecs.BOM_UTF8) or good > bad or not is_cp1252:
        raise NotASheet(_broken_letters(_row_at(stream, broken)))
    return "cp1252"


def _letters(stream):
    """(offset of the first byte that is no UTF-8 or None, good and bad letters, may be cp1252)."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    stream.seek(0)
    offset, broken, good, bad, is_cp1252 = 0, None, 0, 0, True
    while True:
        block = stream.read(BLOCK)
        text = decoder.decode(block, final=not block)
        escaped = 0 if text.isascii() else sum("\udc80" <= c <= "\udcff" for c in text)
        if escaped and broken is None:
            before = next(i for i, c in enumerate(text) if "\udc80" <= c <= "\udcff")
            broken = offset + len(text[:before].encode())
        bad += escaped
        good += 0 if text.isascii() else sum(c > "\x7f" for c in text) - escaped
        offset += len(text.encode("utf-8", "surrogateescape"))
        is_cp1252 = is_cp1252 and not any(byte in UNDEFINED_IN_CP1252 for byte in set(block))
        if not block:
            return broken, good, bad, is_cp1252


def _row_at(stream, offset):
    """The row of a byte, as the reader would count it."""
    stream.seek(0)
    delimiter = max(DELIMITERS, key=stream.read(BLOCK).decode("latin-1").count)
    stream.seek(0)
    rows = csv.reader(_lines_before(stream, offset), delimiter=delimiter)
    return sum(1 for _row in rows)


def _lines_before(stream, offset):
    for block in stream:
        for line in block.splitlines(keepends=True):
            yield line[:offset].decode("latin-1")
            offset -= len(line)
            if offset < 0:
                return
