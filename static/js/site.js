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
