// The device's screen: what a response has for it, in plain text; and where it has nothing, the card.

import { $, el } from "./dom.js";

const APL = "Alexa.Presentation.APL.RenderDocument";
const BOUND = /\$\{payload\.([\w.]+)\}/g;

/** Shows the device with this screen, "" for none. */
export function setScreen(shape) {
  $("screen").hidden = !shape;
  $("night").classList.toggle("small-light", Boolean(shape));
  $("screen").dataset.shape = shape;
  showOnScreen(null);
}

/** Shows what a response has for the screen. */
export function showOnScreen(response) {
  const inner = response?.response ?? {};
  const directive = inner.directives?.find((each) => each.type === APL);
  const texts = directive ? textsOf(directive) : cardOf(inner.card);
  const plain = directive ? "as plain text" : texts.length ? "its card" : "";
  $("screen").replaceChildren(
    ...texts.map((text) => el("p", {}, text)),
    el("p", { class: "plain" }, texts.length ? plain : "dark"),
  );
}

const cardOf = (card) => (card ? [card.title, card.content ?? card.text].filter(Boolean) : []);

/** The texts of an APL document, in order, with what its data source has put into them. */
function textsOf({ document: shown, datasources }) {
  const payload = Object.values(datasources ?? {})[0] ?? {};
  const roots = { ...datasources, payload };
  const valueOf = (path) =>
    path.split(".").reduce((found, name) => found?.[name], roots.payload) ??
    path.split(".").reduce((found, name) => found?.[name], roots) ??
    "";
  const texts = [];
  const walk = (node) => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (node && typeof node === "object") {
      if (typeof node.text === "string") texts.push(node.text.replace(BOUND, (_, path) => valueOf(path)));
      Object.entries(node).forEach(([name, inner]) => name !== "text" && walk(inner));
    }
  };
  walk(shown);
  return texts.filter((text) => text.trim());
}
