// The table of the open question, and the map.

import { $, el } from "./dom.js";

const PARTS = {
  own: "This question's own answers",
  group: "As in every question of its kind",
  otherwise: "Whatever no table names",
  sign: "Warning signs, heard before every table",
  everywhere: "As in every place",
};
const FEW = 4; // own answers, so that those of its kind are shown too

const titleOf = (ask) => document.querySelector(`.place[data-ask="${ask}"]`)?.textContent ?? ask;

/** Shows what can be answered. choose: gives one of the answers. */
export function showAnswers(here, choose) {
  $("question").textContent = here.open ? titleOf(here.place.place.ask) : titleOf("nothing");
  const of = (kind) => here.answers.filter((row) => row.kind === kind);
  const few = of("own").length < FEW ? ["own", "group"] : ["own"];
  const shown = here.open ? few : ["group", "own"]; // her first words are most often a cramp
  const parts = [...new Set([...shown, ...Object.keys(PARTS)])].map((kind) => {
    const rows = of(kind).map((row) => rowOf(row, choose));
    return rows.length ? el("details", { open: shown.includes(kind) }, el("summary", {}, PARTS[kind]), ...rows) : null;
  });
  $("answer-tables").replaceChildren(...parts.filter(Boolean));
}

function rowOf(row, choose) {
  const choices = row.answers.map(({ label, choice }) =>
    choice
      ? el("button", { type: "button", onclick: () => choose(label, choice) }, label)
      : el("span", { class: "tag" }, label),
  );
  const level = row.level ? el("span", { class: "tag level" }, `level ${row.level}`) : null;
  return el(
    "div",
    { class: "answer" },
    el("div", { class: "choices" }, ...choices),
    el("p", { class: "hears" }, row.hears),
    el("p", { class: "leads" }, titleOf(row.to), " ", level),
  );
}

/** Lights the place where she is, those she has been in, and what may follow. */
export function showPlace(here, been) {
  const lit = here.open ? here.place.place.ask : been.length ? "end" : "nothing";
  const next = new Set();
  if (lit !== "end") {
    for (const row of here.answers) if (row.kind !== "sign" && row.kind !== "everywhere") next.add(row.to);
  }
  for (const place of document.querySelectorAll(".place")) {
    const ask = place.dataset.ask;
    place.classList.toggle("been", been.includes(ask));
    place.classList.toggle("next", next.has(ask));
    place.classList.toggle("here", ask === lit);
    place.classList.toggle("urgent", ask === lit && here.open && here.place.place.given !== null);
    if (ask === lit) place.setAttribute("aria-current", "step");
    else place.removeAttribute("aria-current");
  }
  drawWays();
}

/** Draws a line from the lit place to each that may follow; there must be a layout to draw on. */
export function drawWays() {
  const map = $("places");
  const lit = map.querySelector(".here");
  const ways = $("ways");
  ways.replaceChildren();
  const frame = map.getBoundingClientRect();
  if (!lit || !frame.width) return;
  const middle = (place) => {
    const box = place.getBoundingClientRect();
    return { x: box.left - frame.left + box.width / 2, y: box.top - frame.top + box.height / 2, h: box.height / 2, w: box.width / 2 };
  };
  const from = middle(lit);
  for (const place of map.querySelectorAll(".next:not(.here)")) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", curve(from, middle(place)));
    ways.append(path);
  }
}

function curve(from, to) {
  if (Math.abs(to.y - from.y) < from.h) {
    const way = Math.sign(to.x - from.x);
    return `M${from.x + way * from.w} ${from.y} L${to.x - way * to.w} ${to.y}`;
  }
  const way = Math.sign(to.y - from.y);
  const [start, end] = [from.y + way * from.h, to.y - way * to.h];
  const bend = (end - start) / 2;
  return `M${from.x} ${start} C${from.x} ${start + bend} ${to.x} ${end - bend} ${to.x} ${end}`;
}
