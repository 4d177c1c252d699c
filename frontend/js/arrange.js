// Pages and questions can be dragged to their place. The same moves are buttons: this is for people with a mouse.
"use strict";

const form = document.getElementById("ziehen");
let dragged = null;
let gap = null; // where it would land: { list, before } – before an item, or null for the end of the list

const listFor = (item, place) => {
  const list = place.closest(`[data-drop="${item.dataset.drag}"]`);
  return list && !item.contains(list) ? list : null;
};

const itemsOf = (list) => [...list.children].filter((one) => one.dataset.drag === list.dataset.drop && one !== dragged);

function unmark() {
  for (const one of document.querySelectorAll(".drop-before, .drop-into")) one.classList.remove("drop-before", "drop-into");
}

for (const item of document.querySelectorAll("[data-drag]")) item.draggable = true;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-drag]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.name);
  dragged.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  const list = dragged && listFor(dragged, event.target);
  if (!list) return;
  event.preventDefault();
  const before = itemsOf(list).find((one) => {
    const { top, height } = one.getBoundingClientRect();
    return event.clientY < top + height / 2;
  });
  gap = { list, before: before || null };
  unmark();
  if (before) before.classList.add("drop-before");
  else list.classList.add("drop-into");
});

document.addEventListener("drop", (event) => {
  if (!dragged || !gap) return;
  event.preventDefault();
  form.elements.art.value = dragged.dataset.drag;
  form.elements.name.value = dragged.dataset.name;
  form.elements.seite.value = gap.list.dataset.page || "";
  form.elements.vor.value = gap.before ? gap.before.dataset.name : "";
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  unmark();
  if (dragged) dragged.classList.remove("dragged");
  dragged = gap = null;
});
