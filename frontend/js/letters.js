// The letter beside its texts follows what is typed. Without this file, the button does the same.
"use strict";

const form = document.getElementById("schreiben");
const pages = document.getElementById("seiten");
let waiting = 0;
let asked = 0;

// Typesetting costs more than a page: one look at a time, and only when the typing pauses.
async function look() {
  const mine = ++asked;
  const data = new FormData(form);
  data.set("tun", "vorschau");
  const answer = await fetch(location.pathname, { method: "POST", body: data }).catch(() => null);
  if (!answer || mine !== asked || !(answer.headers.get("Content-Type") || "").includes("html")) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("seiten");
  if (drawn && mine === asked) pages.replaceChildren(...drawn.children);
}

const later = () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 700);
};

if (pages) {
  form.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) later();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-look]")) look();
  });
}

// A placeholder goes to where the cursor was last.
const insert = document.getElementById("platzhalter-dazu");
let field = null;
form.addEventListener("focusin", (event) => {
  if (event.target.matches(".letter__block textarea:not(.rule)")) field = event.target;
});
insert.hidden = false;
insert.addEventListener("click", () => {
  const target = field || form.querySelector(".letter__block textarea:not(.rule)");
  if (!target) return;
  target.setRangeText(document.getElementById("platzhalter-wahl").value, target.selectionStart, target.selectionEnd, "end");
  target.focus();
  later();
});
