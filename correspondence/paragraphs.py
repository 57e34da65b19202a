"""How a letter's text is typed, and the blocks that the paper is set from.

A blank line begins a new paragraph. A line that begins with `1.`, `a.`, `(1)` or `-` is an item of
a list (two blanks more: one level deeper), `label : value` a row of a small table, `# ` a heading.
"""

import re

ITEM = re.compile(r"^(\s*)(-|\(?(?:\d{1,2}|[a-z])[.)])\s+(.+)$")
FACT = re.compile(r"^(\S.{0,38}?)\s+:\s+(.+)$")
HEADING = re.compile(r"^#\s+(.+)$")
DEEPEST = 2


def blocks(text):
    """JSON-able blocks of a text: `text`, `items`, `facts` or `heading`, each under `kind`."""
    found = []
    new = True
    for line in text.replace("\t", "    ").splitlines():
        if not line.strip():
            new = True
            continue
        _add(found, line.rstrip(), new)
        new = False
    return found


def _add(found, line, new):
    last = found[-1] if found else {}
    kind = last.get("kind")
    if match := HEADING.match(line):
        found.append({"kind": "heading", "text": match[1]})
    elif match := ITEM.match(line):
        item = {
            "mark": "–" if match[2] == "-" else match[2],
            "level": min(len(match[1]) // 2, DEEPEST),
            "text": match[3],
        }
        if kind == "items":
            last["items"].append(item)
        else:
            found.append({"kind": "items", "items": [item]})
    elif match := FACT.match(line):
        if kind == "facts" and not new:
            last["rows"].append([match[1], match[2]])
        else:
            found.append({"kind": "facts", "rows": [[match[1], match[2]]]})
    elif kind == "items" and not new and line.startswith(" "):
        last["items"][-1]["text"] += f" {line.strip()}"
    elif kind == "text" and not new:
        last["text"] += f" {line.strip()}"
    else:
        found.append({"kind": "text", "text": line.strip()})


def lines(text):
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
