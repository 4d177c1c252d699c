// Uploads big files in pieces and goes on where a broken connection stopped (tus 1.0.0).
// Without this script files travel with the form.
"use strict";

const PIECE = 2_000_000;
const TRIES = 6;
const form = document.getElementById("antrag");
const token = form.elements.csrfmiddlewaretoken.value;
let running = 0;

const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const request = (method, address, headers = {}, body = undefined) =>
  fetch(address, { method, body, headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...headers } });

class Refused extends Error {}

async function begin(input, file) {
  const metadata = { name: input.name, filename: file.name, filetype: file.type };
  const answer = await request("POST", input.dataset.upload, {
    "Upload-Length": String(file.size),
    "Upload-Metadata": Object.entries(metadata).map(([key, value]) => `${key} ${encoded(value)}`).join(","),
  });
  if (answer.status !== 201) throw answer.status < 500 ? new Refused(await answer.text()) : new Error("server");
  return answer.headers.get("Location");
}

async function send(input, file, shown) {
  // The same file chosen again after an interruption continues its first upload.
  const memory = `upload ${input.dataset.upload} ${input.name} ${file.name} ${file.size} ${file.lastModified}`;
  let address = sessionStorage.getItem(memory);
  let entry = null;
  for (let failures = 0; ; ) {
    try {
      let offset = 0;
      if (address) {
        const state = await request("HEAD", address);
        if (state.ok) offset = Number(state.headers.get("Upload-Offset"));
        else address = null;
      }
      if (!address) {
        address = await begin(input, file);
        sessionStorage.setItem(memory, address);
      }
      while (offset < file.size) {
        const answer = await request(
          "PATCH", address,
          { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
          file.slice(offset, offset + PIECE),
        );
        if (answer.status === 422) throw new Refused(await answer.text());
        if (!answer.ok) throw new Error(String(answer.status));
        offset = Number(answer.headers.get("Upload-Offset"));
        failures = 0;
        shown.bar.value = offset;
        if (offset === file.size) entry = answer.headers.get("Answer-Entry");
      }
      sessionStorage.removeItem(memory);
      return entry;
    } catch (error) {
      if (error instanceof Refused || ++failures >= TRIES) {
        sessionStorage.removeItem(memory);
        throw error;
      }
      shown.text.textContent = form.dataset.broken;
      await pause(1000 * 2 ** failures);
    }
  }
}

function show(input, file) {
  const place = document.createElement("div");
  place.className = "upload";
  const text = document.createElement("p");
  text.setAttribute("role", "status");
  text.textContent = `${form.dataset.uploading} ${file.name}`;
  const bar = document.createElement("progress");
  bar.max = file.size;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  place.append(text, bar);
  input.after(place);
  return { place, text, bar };
}

function removal(entry, file) {
  const button = document.createElement("button");
  button.type = "submit";
  button.className = "link-button";
  button.name = "remove";
  button.value = entry;
  button.formNoValidate = true;
  button.textContent = `${form.dataset.remove} ${file.name}`;
  return button;
}

for (const input of form.querySelectorAll("input[type=file][data-upload]")) {
  input.addEventListener("change", async () => {
    const files = [...input.files];
    let failed = false;
    for (const file of files) {
      const shown = show(input, file);
      running += 1;
      try {
        const entry = await send(input, file, shown);
        shown.text.textContent = `${form.dataset.uploaded} ${file.name}`;
        if (entry) shown.place.append(removal(entry, file));
      } catch (error) {
        failed = true;
        shown.place.classList.add("upload--refused");
        shown.text.textContent = error instanceof Refused && error.message ? error.message : form.dataset.broken;
      } finally {
        shown.bar.remove();
        running -= 1;
      }
    }
    // What has arrived must not be sent again with the form; what was refused is not worth sending.
    input.value = "";
    if (!failed) input.removeAttribute("aria-invalid");
  });
}

form.addEventListener("submit", (event) => {
  if (running === 0) return;
  event.preventDefault();
  const note = document.createElement("p");
  note.setAttribute("role", "alert");
  note.textContent = form.dataset.wait;
  form.querySelector(".actions").after(note);
});
