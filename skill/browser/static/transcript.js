// The conversation, line by line.

import { $, el } from "./dom.js";
import { labelOf } from "./screen.js";

const percent = (share) => (share < 0.01 ? "below 1 %" : `${Math.round(share * 100)} %`);
const TOUCH = /^\(touch (\w+)\)$/;
const HOW = { exact: "sure", touched: "sure", learned: "guess", fallback: "lost" };

/** Adds what she says before it is answered; returns its place. */
export function begin(line) {
  $("empty").hidden = true;
  const turn = el("li", { class: "turn" }, el("div", { class: "she" }, wordsOf(line)));
  $("transcript").append(turn);
  turn.scrollIntoView({ block: "nearest" });
  return turn;
}

function wordsOf(line) {
  const [, button] = TOUCH.exec(line) ?? [];
  if (button) return el("span", { class: "words unsaid" }, `She touches “${labelOf(button)}”`);
  if (line === "(silence)") return el("span", { class: "words unsaid" }, "She says nothing");
  return el("span", { class: "words" }, line);
}

/** Adds something that is nobody's line, such as time that passes. */
export function happened(text) {
  $("transcript").append(el("li", { class: "happened" }, text));
}

/** Adds the answer to its turn. look: shows the exchange of this turn. */
export function answer(place, turn, look) {
  const over = turn.how === "silence";
  place.firstChild.append(...meaning(turn));
  const speech = over
    ? el("p", { class: "after" }, "The session is over. The reprompt was the last that she hears.")
    : el("p", { class: "speech" }, ...spoken(turn.sounds));
  place.append(
    el("div", { class: turn.level ? "coach urgent" : "coach" }, speech, foot(turn, look), lines(turn)),
  );
  const screen = $("screen");
  const narrow = screen.offsetWidth && matchMedia("(max-width: 49.99rem)").matches;
  if (narrow) screen.scrollIntoView({ block: "start" }); // the screen is what she looks at
  else place.scrollIntoView({ block: "nearest" });
}

/** Tells that something became of an answer: cut off, or its reprompt spoken. */
export function note(place, text) {
  place.querySelector(".speech")?.after(el("p", { class: "after" }, text));
}

function spoken(sounds) {
  return sounds.map((sound) =>
    sound.pause
      ? sound.pause < 2
        ? " "
        : el("span", { class: "rest", role: "img", "aria-label": `${sound.pause} seconds`, title: `${sound.pause} s` })
      : `${sound.say} `,
  );
}

function meaning(turn) {
  if (turn.how === "silence") return [];
  const [, ...others] = turn.readings;
  const slots = Object.entries(turn.slots).map(([name, it]) => `${name} = ${it.id ?? `“${it.value}”, no match`}`);
  const share = turn.readings.length ? ` ${percent(turn.readings[0].probability)}` : "";
  const nearest = turn.how === "fallback" && turn.readings.length ? [turn.readings[0], ...others] : others;
  const told = [el("code", {}, turn.intent), slots.length ? ` ${slots.join(", ")}` : ""];
  if (nearest.length) {
    const which = nearest.map((it) => `${it.intent} ${percent(it.probability)}`).join(", ");
    told.push(turn.how === "fallback" ? ` nearest: ${which}` : ` or: ${which}`);
  }
  const how = el("span", { class: `tag ${HOW[turn.how] ?? ""}` }, turn.how + (turn.how === "learned" ? share : ""));
  return [how, el("span", { class: "meaning" }, ...told)];
}

function foot(turn, look) {
  const facts = [];
  if (turn.level) facts.push(el("span", { class: "tag level" }, `level ${turn.level}`));
  facts.push(el("span", {}, turn.open ? "Microphone open" : "Session over"));
  if (turn.seconds) facts.push(el("span", {}, `${turn.seconds} s of speech`));
  facts.push(el("span", {}, `${turn.milliseconds} ms`));
  facts.push(el("button", { type: "button", onclick: look, "aria-label": `Exchange: request and response of “${turn.heard}”` }, "Exchange"));
  return el("div", { class: "foot" }, ...facts);
}

function lines(turn) {
  const all = turn.lines;
  if (!all.length) return el("p", { class: "soft small" }, "No lines.");
  const signed = all.filter((line) => line.signed).length;
  const summary = `${all.length} ${all.length === 1 ? "line" : "lines"}, ${signed || "none"} signed`;
  const list = el("ul", { class: "lines" }, ...all.map(lineOf), ...turn.reprompt_lines.map((line) => lineOf(line, "after silence")));
  const other = turn.as_explained ? "" : el("p", { class: "notice" }, "The webhook did not say just these lines.");
  return el("details", {}, el("summary", {}, summary), other, list);
}

function lineOf(line, when) {
  const tag = el("span", { class: line.signed ? "tag sure" : "tag" }, line.review);
  const form = typeof when === "string" ? when : line.form === "say" ? "" : line.form;
  return el(
    "li",
    {},
    el("div", {}, el("code", {}, line.key), form ? ` (${form}) ` : " ", tag),
    el("div", {}, line.text),
    el("ul", { class: "sources" }, ...line.sources.map(source)),
  );
}

function source(it) {
  const grade = it.grade ? `, grade ${it.grade}` : "";
  return el("li", {}, it.kind === "mark" ? it.what : `${it.code}${grade}: ${it.what}`);
}
