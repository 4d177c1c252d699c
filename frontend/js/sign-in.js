// Says in the page, not only in the console, that a passkey or security key was not accepted.
"use strict";

document.addEventListener("allauth.error", (event) => {
  const failure = document.getElementById("passkey-fehler");
  if (!failure) return;
  event.preventDefault();
  failure.hidden = false;
});
