// The process as a diagram: bpmn-js with a palette of what the town hall can run. The form below sends what is drawn;
// the list of steps does all the same without this.
"use strict";

const board = document.getElementById("zeichnung");
const form = document.getElementById("zeichnen");
const source = document.getElementById("bpmn");
const unreadable = document.getElementById("unlesbar");
const panel = document.getElementById("ausgewaehlt");
const words = JSON.parse(board.dataset.words);
const OURS = "urn:rathaus:bpmn:1";

// What a new element needs so that it can run. Anything else about it is changed in the list.
const made = ({ bpmnFactory, moddle, elementFactory }, kind) => {
  const own = (name, values) => moddle.createAny(`rathaus:${name}`, OURS, values);
  const holding = (values) => bpmnFactory.create("bpmn:ExtensionElements", { values });
  if (kind === "bpmn:UserTask") {
    const outcome = own("outcome", { value: "erledigt", label: "Erledigt", label_en: "Done" });
    const english = own("text", { lang: "en", $body: "New step" });
    return elementFactory.createShape({
      type: kind,
      businessObject: bpmnFactory.create(kind, { name: "Neuer Schritt", extensionElements: holding([english, outcome]) }),
    });
  }
  if (kind === "timer") {
    const shape = elementFactory.createShape({
      type: "bpmn:IntermediateCatchEvent",
      eventDefinitionType: "bpmn:TimerEventDefinition",
    });
    const [definition] = shape.businessObject.eventDefinitions;
    definition.timeDuration = bpmnFactory.create("bpmn:FormalExpression", { body: "P14D" });
    definition.timeDuration.$parent = definition;
    return shape;
  }
  return elementFactory.createShape({ type: kind });
};

const PALETTE = [
  ["bpmn:UserTask", "bpmn-icon-user-task", "person"],
  ["bpmn:ExclusiveGateway", "bpmn-icon-gateway-xor", "choice"],
  ["bpmn:ParallelGateway", "bpmn-icon-gateway-parallel", "together"],
  ["timer", "bpmn-icon-intermediate-event-catch-timer", "timer"],
  ["bpmn:EndEvent", "bpmn-icon-end-event-none", "end"],
];

function Palette(palette, create, bpmnFactory, moddle, elementFactory, globalConnect, spaceTool, lassoTool) {
  const factories = { bpmnFactory, moddle, elementFactory };
  const tool = (className, title, start) => ({ group: "tools", className, title, action: { click: start } });
  this.getPaletteEntries = () => {
    const entries = {
      connect: tool("bpmn-icon-connection-multi", words.connect, (event) => globalConnect.start(event)),
      space: tool("bpmn-icon-space-tool", words.space, (event) => spaceTool.activateSelection(event)),
      lasso: tool("bpmn-icon-lasso-tool", words.lasso, (event) => lassoTool.activateSelection(event)),
      line: { group: "tools", separator: true },
    };
    for (const [kind, className, title] of PALETTE) {
      const start = (event) => create.start(event, made(factories, kind));
      entries[kind] = { group: "steps", className, title: words[title], action: { dragstart: start, click: start } };
    }
    return entries;
  };
  palette.registerProvider(this);
}
Palette.$inject = [
  ...["palette", "create", "bpmnFactory", "moddle", "elementFactory", "globalConnect", "spaceTool", "lassoTool"],
];

function ContextPad(contextPad, autoPlace, connect, modeling, bpmnFactory, moddle, elementFactory) {
  const factories = { bpmnFactory, moddle, elementFactory };
  const remove = {
    group: "edit",
    className: "bpmn-icon-trash",
    title: words.remove,
    action: { click: (_event, chosen) => modeling.removeElements([chosen].flat()) },
  };
  this.getContextPadEntries = (element) => {
    if (["bpmn:Participant", "bpmn:Lane", "bpmn:Process", "bpmn:Collaboration"].includes(element.type)) return {};
    const entries = {};
    const isStep = !element.waypoints && element.type !== "label";
    if (isStep && element.type !== "bpmn:EndEvent") {
      for (const [kind, className, title] of PALETTE.filter(([one]) => one !== "timer")) {
        const append = () => autoPlace.append(element, made(factories, kind));
        entries[kind] = { group: "model", className, title: words[title], action: { click: append } };
      }
      entries.connect = {
        group: "connect",
        className: "bpmn-icon-connection-multi",
        title: words.connect,
        action: {
          click: (event, chosen) => connect.start(event, chosen),
          dragstart: (event, chosen) => connect.start(event, chosen),
        },
      };
    }
    return { ...entries, remove };
  };
  this.getMultiElementContextPadEntries = () => ({ remove });
  contextPad.registerProvider(this);
}
ContextPad.$inject = ["contextPad", "autoPlace", "connect", "modeling", "bpmnFactory", "moddle", "elementFactory"];

const modeler = new window.BpmnJS({
  container: board,
  additionalModules: [
    {
      __init__: ["paletteProvider", "contextPadProvider"],
      paletteProvider: ["type", Palette],
      contextPadProvider: ["type", ContextPad],
      // Elements are not turned into kinds that cannot run.
      replaceMenuProvider: ["value", null],
      translate: ["value", (text) => words[text] || text],
    },
  ],
});

// ---- What is chosen: its name, and of a way when it is taken ------------------------------------------------------

const shown = {
  name: document.getElementById("gewaehlt-name"),
  when: document.getElementById("gewaehlt-wenn"),
  rule: document.getElementById("gewaehlt-formel"),
  timer: document.getElementById("gewaehlt-frist"),
};
let chosen = null;

const isChoice = (element) =>
  element.waypoints && ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"].includes(element.source.type);

const timerOf = (element) => (element.businessObject.eventDefinitions || []).find((one) => one.timeDuration);

function show(element) {
  chosen = element && element.type !== "label" ? element : element && element.labelTarget;
  const isNamed = chosen && !["bpmn:Collaboration", "bpmn:Participant", "bpmn:Lane"].includes(chosen.type);
  panel.hidden = !isNamed;
  if (!isNamed) {
    chosen = null;
    return;
  }
  const it = chosen.businessObject;
  shown.name.value = it.name || "";
  const asksWhen = Boolean(isChoice(chosen));
  shown.when.closest("div[data-of]").hidden = shown.rule.closest("div[data-of]").hidden = !asksWhen;
  if (asksWhen) {
    const rule = it.conditionExpression ? it.conditionExpression.body.trim() : "";
    const known = [...shown.when.options].some((one) => one.value === rule);
    shown.when.value = chosen.source.businessObject.default === it ? "sonst" : known ? rule : "formel";
    shown.rule.value = rule;
  }
  const timer = timerOf(chosen);
  shown.timer.closest("div[data-of]").hidden = !timer;
  if (timer) shown.timer.value = timer.timeDuration.body;
}

function expression(body, language) {
  return modeler.get("bpmnFactory").create("bpmn:FormalExpression", language ? { body, language } : { body });
}

function takeWhen() {
  const modeling = modeler.get("modeling");
  const gateway = chosen.source;
  const isDefault = gateway.businessObject.default === chosen.businessObject;
  if (shown.when.value === "sonst") {
    modeling.updateProperties(chosen, { conditionExpression: undefined });
    modeling.updateProperties(gateway, { default: chosen.businessObject });
    return;
  }
  if (shown.when.value !== "formel") shown.rule.value = shown.when.value;
  if (isDefault) modeling.updateProperties(gateway, { default: undefined });
  modeling.updateProperties(chosen, { conditionExpression: expression(shown.rule.value.trim(), "urn:cel") });
}

shown.name.addEventListener("change", () => chosen && modeler.get("modeling").updateProperties(chosen, { name: shown.name.value.trim() }));
shown.when.addEventListener("change", () => chosen && takeWhen());
shown.rule.addEventListener("change", () => {
  if (!chosen) return;
  shown.when.value = "formel";
  takeWhen();
});
shown.timer.addEventListener("change", () => {
  const timer = chosen && timerOf(chosen);
  if (timer) modeler.get("modeling").updateModdleProperties(chosen, timer, { timeDuration: expression(shown.timer.value.trim()) });
});
modeler.on("selection.changed", ({ newSelection }) => show(newSelection.length === 1 ? newSelection[0] : null));
modeler.on("element.changed", ({ element }) => element === chosen && show(element));

// ---- Reading and sending -------------------------------------------------------------------------------------------

async function open() {
  const page = document.documentElement.classList;
  unreadable.textContent = "";
  page.add("with-diagram"); // what is not shown has no size to fit into
  try {
    await modeler.importXML(source.value);
  } catch (error) {
    page.remove("with-diagram"); // the file can still be mended and sent
    unreadable.textContent = `${words.unreadable} ${error.message}`;
    return;
  }
  const canvas = modeler.get("canvas");
  canvas.zoom("fit-viewport");
  // A long process would be too small to read: then begin at its left.
  if (canvas.zoom() < 0.6) {
    canvas.zoom(0.6, { x: 0, y: 0 });
    const { inner } = canvas.viewbox();
    // The palette lies over the left edge.
    canvas.viewbox({ ...canvas.viewbox(), x: inner.x - 130 / 0.6, y: inner.y - 20 });
  }
  const svg = board.querySelector(".djs-container > svg");
  svg.setAttribute("role", "application");
  svg.setAttribute("aria-label", words.label);
  svg.setAttribute("aria-describedby", "tasten");
}

let isSent = false;
let isDrawn = false;
modeler.on("commandStack.changed", () => (isDrawn = true));

form.addEventListener("submit", async (event) => {
  if (isSent || !document.documentElement.classList.contains("with-diagram")) return;
  event.preventDefault();
  if (document.activeElement) document.activeElement.blur(); // what is being typed counts
  modeler.get("directEditing").complete();
  source.value = (await modeler.saveXML({ format: true })).xml;
  isSent = true;
  setTimeout(() => form.requestSubmit()); // not before this event is over: until then the browser sends nothing
});

window.addEventListener("beforeunload", (event) => {
  if (isDrawn && !isSent) event.preventDefault();
});

source.addEventListener("change", open); // a file from another program
document.getElementById("groesser").addEventListener("click", () => modeler.get("zoomScroll").stepZoom(1));
document.getElementById("kleiner").addEventListener("click", () => modeler.get("zoomScroll").stepZoom(-1));
document.getElementById("ganz").addEventListener("click", () => modeler.get("canvas").zoom("fit-viewport"));

open();
