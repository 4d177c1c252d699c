// Comforts of the portal. Everything works without this file.
"use strict";

// Browsers that do not honour `autofocus` on the error summary: move the focus there, so that it is read out.
const summary = document.getElementById("fehler");
if (summary && document.activeElement !== summary) {
  summary.focus();
}

// A link in the error summary leads into the field, not only to its place.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const place = field.closest(".kern-form-input, .kern-fieldset") || field;
  place.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

// Sending a form twice by a double click would do no harm, but the second answer hides the first.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // Back again, or the answer did not come: sending must be possible again.
  setTimeout(() => delete form.dataset.sent, 5000);
  window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.querySelector("[data-copied]").textContent = button.dataset.done;
  });
}
