// Niceties only: every page works without this file.
"use strict";

// A menu closes with Escape, or when one clicks or tabs elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
  const close = (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("focusin", close);
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// After a form came back with errors, the reader starts at their summary.
document.querySelector("[data-error-summary]")?.focus();

// "/" leads to the box that searches everything, unless one is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const boxes = [...document.querySelectorAll("#search-text, #find")].reverse();
  const box = boxes.find((each) => each.offsetParent);
  const link = document.querySelector("a[data-search]");
  if (!box && !link) return;
  event.preventDefault();
  if (box) {
    box.focus();
    box.select();
  } else {
    link.click();
  }
});

// A second click on the same button within three seconds is an accident.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (Date.now() - (Number(form.dataset.sentAt) || 0) < 3000) {
    event.preventDefault();
  } else {
    form.dataset.sentAt = Date.now();
  }
});

// On a phone the filters start closed, unless one of them is set.
if (window.matchMedia("(max-width: 767px)").matches) {
  document.querySelector("details.filters:not([data-active])")?.removeAttribute("open");
}

// Ticks all boxes of a name that may be ticked at once; a second press clears them.
document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-tick]")?.dataset.tick;
  if (!name) return;
  const boxes = [...document.querySelectorAll(`[name="${name}"][data-tickable]:not(:disabled)`)];
  const wanted = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = wanted;
});

// Files that will be refused for their size or number are not sent first.
for (const input of document.querySelectorAll("input[data-most-bytes], input[data-most-files]")) {
  const problem = document.createElement("p");
  problem.className = "text-danger mb-0";
  problem.setAttribute("role", "alert");
  input.insertAdjacentElement("afterend", problem);
  input.addEventListener("change", () => {
    const { mostBytes = Infinity, mostFiles = Infinity, tooLarge, tooMany } = input.dataset;
    const isTooLarge = input.files[0]?.size > Number(mostBytes);
    const areTooMany = input.files.length > Number(mostFiles);
    problem.textContent = (isTooLarge && tooLarge) || (areTooMany && tooMany) || "";
    if (isTooLarge || areTooMany) input.value = "";
  });
}

// A picture that is wider than its region starts where today is.
for (const region of document.querySelectorAll("[data-shows]")) {
  const share = Number(region.dataset.shows) / Number(region.dataset.of);
  region.scrollLeft = share * region.scrollWidth - region.clientWidth / 3;
}

// The buttons beside a number add or take one; an empty one starts at `data-start`.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  const input = button && document.getElementById(button.dataset.for);
  if (!input) return;
  const value = input.value === "" ? Number(button.dataset.start || 0) : Number(input.value) + Number(button.dataset.step);
  input.value = Math.min(Math.max(value, Number(input.min || 0)), Number(input.max || value));
});

// A part of the page that could not be fetched or sent: said in words, nothing typed is lost.
const notSent = document.getElementById("not-sent");
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    const status = event.detail.xhr?.status;
    if (status >= 400 && status < 500) return;
    notSent.hidden = false;
    notSent.scrollIntoView({ block: "center" });
  });
}
document.addEventListener("htmx:afterOnLoad", () => { notSent.hidden = true; });
