// The attendance grid by keyboard, and the list of one meeting on a phone: each change is one small
// request. Without this file the list of a meeting is a plain form.
"use strict";

const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
const RETRY = 4000;
const AWAY = [502, 503, 504]; // the house or its database: it passes

// `data` is empty when the answer came from elsewhere, as from the sign-in page after a session.
async function send(url, fields) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { ...token, "X-Requested-With": "fetch" },
    body: new URLSearchParams(fields),
  });
  if (AWAY.includes(answer.status)) throw new Error(answer.statusText);
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  return isJson ? { status: answer.status, data: await answer.json() } : { status: 0, data: {} };
}

// Sends what is typed into one place in the order in which it was typed, and again until the
// connection is back. `apply` gets the answer of each.
class Line {
  static waiting = 0;

  constructor(apply, offline) {
    this.apply = apply;
    this.offline = offline;
    this.last = Promise.resolve();
  }

  push(url, fields) {
    Line.waiting += 1;
    this.last = this.last.then(async () => {
      for (;;) {
        try {
          this.apply(await send(url, fields()));
          break;
        } catch {
          this.offline();
          await new Promise((wake) => setTimeout(wake, RETRY));
        }
      }
      Line.waiting -= 1;
    });
  }
}

window.addEventListener("beforeunload", (event) => {
  if (Line.waiting) event.preventDefault();
});

const grid = document.querySelector("[data-marks]");
if (grid) {
  const words = grid.dataset;
  const heads = [...grid.tHead.rows[0].cells];
  const rows = [...grid.tBodies[0].rows];
  const FIRST = 2; // columns before the first meeting
  const status = document.getElementById("mark-status");
  const alarm = document.getElementById("mark-alert");
  const dialog = document.getElementById("mark-detail");
  const reason = document.getElementById("reason");
  const letters = new Set(
    [...document.getElementById("detail-code").options].map((option) => option.value).filter(Boolean)
  );
  const lines = new WeakMap();
  let current = null;

  grid.setAttribute("role", "grid");
  for (const row of rows) for (const cell of [...row.cells].slice(FIRST)) cell.tabIndex = -1;

  const headOf = (cell) => heads[cell.cellIndex];
  const codeOf = (cell) => (cell.matches(".out, .kept") ? "" : cell.textContent.trim().slice(0, 1));
  const jpOf = (cell) => cell.textContent.trim().slice(1);
  const isOpen = (cell) => Boolean(headOf(cell).dataset.url) && !cell.classList.contains("out");
  const nameOf = (cell) =>
    `${cell.parentElement.cells[0].textContent.trim()}, ${headOf(cell).dataset.number}`;

  function go(cell) {
    if (!cell) return;
    if (current) current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
    cell.focus();
  }

  function at(cell, down, right) {
    const row = rows[rows.indexOf(cell.parentElement) + down];
    const place = cell.cellIndex + right;
    return row && place >= FIRST ? row.cells[place] : null;
  }

  function draw(cell, code, jp) {
    cell.textContent = code && code === "T" ? `${code}${jp}` : code;
    cell.className = code ? `c${code}` : "";
  }

  function warn(text) {
    alarm.replaceChildren();
    if (!text) return;
    const box = document.createElement("div");
    box.className = "alert alert-warning";
    box.textContent = text;
    alarm.append(box);
  }

  function shares(found) {
    for (const row of rows) {
      const share = found[row.dataset.code];
      if (!share) continue;
      const [percent, prospect] = share;
      const box = row.cells[1];
      box.className = `share ${prospect}`;
      box.textContent = percent === null ? words.none : `${percent}% `;
      if (words[prospect]) {
        const small = document.createElement("small");
        small.textContent = words[prospect];
        box.append(small);
      }
    }
  }

  function lineOf(cell) {
    if (!lines.has(cell)) {
      const state = { code: codeOf(cell), jp: jpOf(cell) };
      const apply = ({ status: number, data }) => {
        if (number === 200 || number === 409) {
          state.code = data.code;
          state.jp = String(data.jp ?? "");
          cell.dataset.note = data.note ?? "";
        }
        draw(cell, state.code, state.jp);
        if (number === 200) {
          warn("");
          const shown = data.code || words.empty;
          status.textContent = `${nameOf(cell)}: ${shown}, ${words.saved}`;
          if (data.held) {
            headOf(cell).classList.add("held");
            shares(data.shares);
          }
        } else {
          cell.classList.add("refused");
          warn(`${nameOf(cell)}: ${data.message || words.unsaved}`);
        }
      };
      const offline = () => {
        cell.classList.add("unsaved");
        warn(words.offline);
      };
      lines.set(cell, { state, line: new Line(apply, offline) });
    }
    return lines.get(cell);
  }

  // Without a `note` the note stays as it is.
  function mark(cell, code, jp = "", note = null) {
    if (!isOpen(cell)) return;
    const { state, line } = lineOf(cell);
    draw(cell, code, jp === "" ? Number(headOf(cell).dataset.jp) - 1 : jp);
    cell.classList.add("unsaved");
    line.push(headOf(cell).dataset.url, () => ({
      who: cell.parentElement.dataset.who,
      code,
      jp,
      ...(note === null ? {} : { note }),
      seen: state.code,
      reason: reason ? reason.value : "",
    }));
  }

  function everyone(cell) {
    const url = headOf(cell).dataset.url;
    if (!url || !window.confirm(words.ask)) return;
    const form = document.getElementById("everyone");
    form.action = url.replace(/cell\/$/, "all/");
    form.elements.reason.value = reason ? reason.value : "";
    form.submit();
  }

  function detail(cell) {
    if (!isOpen(cell)) return;
    const fields = Object.fromEntries(
      ["code", "jp", "note"].map((name) => [name, document.getElementById(`detail-${name}`)])
    );
    document.getElementById("mark-detail-title").textContent = nameOf(cell);
    fields.code.value = codeOf(cell);
    fields.jp.value = jpOf(cell);
    fields.jp.max = headOf(cell).dataset.jp;
    fields.note.value = cell.dataset.note || "";
    const code = encodeURIComponent(cell.parentElement.dataset.code);
    document.getElementById("detail-history").href =
      `${headOf(cell).dataset.url.replace(/cell\/$/, "changes/")}?who=${code}`;
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "save") {
        mark(cell, fields.code.value, fields.jp.value, fields.note.value.trim());
      }
      go(cell);
    };
    dialog.showModal();
  }

  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toUpperCase();
    const late = codeOf(cell) === "T" && isOpen(cell);
    if (ARROWS[event.key]) go(at(cell, ...ARROWS[event.key]));
    else if (event.key === "Home") go(cell.parentElement.cells[FIRST]);
    else if (event.key === "End") go(cell.parentElement.cells[heads.length - 1]);
    else if (event.key === "PageUp") go(rows[0].cells[cell.cellIndex]);
    else if (event.key === "PageDown") go(rows.at(-1).cells[cell.cellIndex]);
    else if (event.key === "Enter") detail(cell);
    else if (event.key === "Delete" || event.key === "Backspace") mark(cell, "");
    else if (key === "H" && event.shiftKey) everyone(cell);
    else if (letters.has(key)) {
      mark(cell, key);
      if (key !== "T") go(at(cell, 1, 0) || cell);
    } else if (late && /^\d$/.test(key) && Number(key) <= Number(headOf(cell).dataset.jp)) {
      mark(cell, "T", key);
    } else return;
    event.preventDefault();
  });
  grid.addEventListener("click", (event) => go(event.target.closest("tbody td:not(.share)")));
  grid.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("tbody td:not(.share)");
    if (cell) detail(cell);
  });

  // The keyboard starts at the meeting of the address, else at the first that may be filled in.
  const wanted = new URLSearchParams(window.location.search).get("at");
  const open = heads.find((head) => head.dataset.number === wanted) ||
    heads.find((head) => head.dataset.url && !head.classList.contains("held")) ||
    heads.find((head) => head.dataset.url) || heads[FIRST];
  if (rows.length && open) {
    current = rows[0].cells[open.cellIndex];
    current.tabIndex = 0;
    open.scrollIntoView({ block: "nearest", inline: "center" });
    if (wanted) current.focus();
  }
}

const list = document.querySelector("form[data-list]");
if (list) {
  const words = list.dataset;
  const alarm = document.getElementById("mark-alert");
  const lines = new WeakMap();

  function lineOf(item) {
    if (!lines.has(item)) {
      const said = item.querySelector("[data-said]");
      const apply = ({ status, data }) => {
        const isSaved = status === 200;
        if (isSaved || status === 409) {
          item.querySelector("[data-seen]").value = data.code;
          for (const radio of item.querySelectorAll("[type=radio]")) {
            radio.checked = radio.value === data.code;
          }
          const jp = item.querySelector("[data-jp]");
          jp.value = data.jp ?? "";
          item.querySelector("[data-late]").hidden = data.code !== words.late;
        }
        said.textContent = isSaved ? words.saved : data.message || words.unsaved;
        said.className = isSaved ? "small muted" : "small text-danger fw-semibold";
        if (data.held) {
          alarm.textContent = words.held;
          alarm.hidden = false;
        }
      };
      const offline = () => {
        said.textContent = words.offline;
      };
      lines.set(item, new Line(apply, offline));
    }
    return lines.get(item);
  }

  for (const item of list.querySelectorAll("[data-who]")) {
    const code = item.querySelector("[type=radio]:checked")?.value;
    item.querySelector("[data-late]").hidden = code !== words.late;
  }

  list.addEventListener("change", (event) => {
    const item = event.target.closest("[data-who]");
    if (!item) return;
    const code = item.querySelector("[type=radio]:checked")?.value ?? "";
    const late = item.querySelector("[data-late]");
    late.hidden = code !== words.late;
    const isNew = event.target.type === "radio";
    lineOf(item).push(words.url, () => ({
      who: item.dataset.who,
      code,
      jp: code === words.late && !isNew ? item.querySelector("[data-jp]").value : "",
      note: item.querySelector("[data-note]").value.trim(),
      seen: item.querySelector("[data-seen]").value,
      reason: list.elements.reason ? list.elements.reason.value : "",
    }));
  });
}
