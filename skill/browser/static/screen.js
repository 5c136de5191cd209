// The device's screen: what a response has for it, and where it has nothing, the card. Amazon's renderer
// draws it where it is installed; elsewhere the same words and the same drawing stand here in plain.

import { $, el } from "./dom.js";

const APL = "Alexa.Presentation.APL.RenderDocument";
const SVG = "http://www.w3.org/2000/svg";
const LINES = { stroke: "stroke", strokeWidth: "stroke-width", strokeLineCap: "stroke-linecap", strokeLineJoin: "stroke-linejoin" };
const PATH = { pathData: "d", fill: "fill", opacity: "opacity", ...LINES };

let touch = () => {};

/** Says what a touch does: called with the button's name, as "let_go". */
export function onTouch(does) {
  touch = does;
}

/** What stands on a button of the screen. */
export const labelOf = (name) => buttonOf(name)?.textContent ?? name;

const buttonOf = (name) => $("touches").querySelector(`[data-touch="${CSS.escape(name)}"]`);
const chosen = () => $("device").selectedOptions[0].dataset;

/** Shows the device with the screen that is chosen, or with none. */
export function setScreen() {
  $("screen").hidden = !chosen().shape;
  $("night").classList.toggle("small-light", !$("screen").hidden);
  $("glass").dataset.shape = $("device").value;
  showOnScreen(null);
}

/** Shows what a response has for the screen, and what may be touched. */
export function showOnScreen(response) {
  const inner = response?.response ?? {};
  const directive = inner.directives?.find((each) => each.type === APL);
  const shown = directive?.datasources.screen;
  if (shown) $("glass").dataset.renderer ? draw(directive) : plain(shown, directive.document.graphics);
  else $("glass").replaceChildren(...cardOf(inner.card).map((text) => el("p", {}, text)));
  $("screen-note").textContent = shown ? $("glass").dataset.note : inner.card ? "its card" : "dark";
  offer(shown?.buttons ?? []);
}

const cardOf = (card) => (card ? [card.title, card.content ?? card.text].filter(Boolean) : []);

/** The buttons, beside the drawn ones: for the keyboard, and for whoever does not see the screen. */
function offer(buttons) {
  const before = document.activeElement?.dataset.touch;
  const made = buttons.map((it) =>
    el("button", { type: "button", "data-touch": it.touch, onclick: () => touch(it.touch) }, it.label),
  );
  $("touches").replaceChildren(...made);
  $("touches").hidden = !made.length;
  if (before) (buttonOf(before) ?? made[0] ?? $("line")).focus(); // nobody is left on what is gone
}

function plain({ text, also }, graphics) {
  const drawn = graphics ? [svg(graphics.drawing)] : [];
  $("glass").replaceChildren(...drawn, el("p", {}, text), el("p", { class: "also" }, also));
}

/** A drawing as the response has it, Amazon's vector graphic, as SVG. */
function svg({ width, height, items }) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawn.setAttribute("aria-hidden", "true");
  for (const item of items) {
    const path = document.createElementNS(SVG, "path");
    for (const [name, value] of Object.entries(item)) if (PATH[name]) path.setAttribute(PATH[name], value);
    drawn.append(path);
  }
  return drawn;
}

// --- Amazon's renderer

/** Draws a document in a frame of its own; what was shown stays until it is drawn. */
function draw(directive) {
  const { shape, width, height } = chosen();
  const frame = el("iframe", { src: "/screen", sandbox: "allow-scripts", title: "The screen", tabindex: -1, width, height });
  frame.viewport = { shape, width: Number(width), height: Number(height) };
  frame.directive = directive;
  $("glass").querySelectorAll("iframe:not(.drawn)").forEach((it) => it.remove());
  $("glass").append(frame);
  fit();
}

/** The renderer draws in the device's own pixels. */
function fit() {
  const glass = $("glass");
  for (const frame of glass.querySelectorAll("iframe")) {
    frame.style.transform = `scale(${glass.clientWidth / frame.viewport.width})`;
  }
}

new ResizeObserver(fit).observe($("glass"));
addEventListener("message", ({ data, source }) => {
  const frame = [...$("glass").querySelectorAll("iframe")].find((it) => it.contentWindow === source);
  if (!frame) return;
  const { directive, viewport } = frame;
  if (data.ready) source.postMessage({ directive, viewport }, "*");
  if (data.drawn) {
    frame.classList.add("drawn");
    [...$("glass").childNodes].forEach((it) => it !== frame && it.remove());
  }
  if (typeof data.touched === "string") touch(data.touched);
});
