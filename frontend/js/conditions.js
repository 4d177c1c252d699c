// Conditions say what they mean while they are typed. Without this file, the buttons do the same.
"use strict";

const form = document.getElementById("bauen");
let waiting = 0;
let asked = 0;

document.documentElement.classList.add("with-script");

const sent = (extra = {}) => {
  const data = new FormData(form);
  data.delete("tun");
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  return data;
};

async function check() {
  const mine = ++asked;
  const answer = await fetch(form.dataset.check, { method: "POST", body: sent() }).catch(() => null);
  if (!answer || !answer.ok || mine !== asked) return;
  for (const [name, said] of Object.entries(await answer.json())) {
    document.getElementById(`satz-${name}`).textContent = said.sentence;
    document.getElementById(`fehler-${name}`).textContent = said.error;
    const rule = document.getElementById(`formel-${name}`);
    if (rule) rule.textContent = said.rule || "–";
  }
}

// Another question has other comparisons, another comparison other values: the server draws them.
async function redraw(control) {
  const mine = ++asked;
  const answer = await fetch(location.href, { method: "POST", body: sent({ tun: "zeigen" }) }).catch(() => null);
  if (!answer || !answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement && document.activeElement.id;
  for (const sheet of document.querySelectorAll(".sheet")) {
    const drawn = page.getElementById(sheet.id);
    if (drawn) sheet.replaceWith(drawn);
  }
  const again = document.getElementById(focused || control.id);
  if (again) again.focus();
  check();
}

form.addEventListener("change", (event) => {
  if (event.target.matches("[data-redraw]")) redraw(event.target);
});

form.addEventListener("input", (event) => {
  if (event.target.matches("[data-redraw]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(check, 400);
});
