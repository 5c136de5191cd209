// One thing that is signed: what it says, what helps to judge it, and what was said of it.

import { el } from "./dom.js";

const TABLES = ["table", "follows"];
const HEARD = { "": "She hears", again: "When asked again", reprompt: "After silence", helper: "A helper hears", short: "In short" };

/** The parts of an item, top to bottom. desk: { script, now, me }. */
export function shown(item, desk) {
  if (item.question) return question(item, desk);
  const chapter = desk.script.chapters[item.chapter];
  return [
    el("p", { class: "soft small" }, `${chapter.title} · ${item.place} of ${chapter.items}`),
    el("h2", { id: "title", tabindex: -1 }, item.title),
    el("p", { class: "tags" }, tags(item, desk)),
    item.place === 1 && chapter.note ? el("p", { class: "note soft" }, ...marked(chapter.note)) : null,
    ...changes(item, desk),
    item.drawing ? el("img", { class: "drawing", src: `/drawings/${item.drawing}.svg`, alt: `Drawing: ${plain(item.drawing)}` }) : null,
    el("dl", { class: `text ${TABLES.includes(item.kind) ? "table" : ""}` }, ...item.rows.flatMap((each) => row(item, each))),
    hearing(item),
    others(item, desk),
    ...lookedUp(item, desk.script),
  ];
}

function question(item, desk) {
  const asked = item.question;
  const given = desk.now.answers[asked.id] ?? [];
  return [
    el("p", { class: "soft small" }, `Questions and decisions · ${item.place} of ${desk.script.questions.length}`),
    el("h2", { id: "title", tabindex: -1 }, asked.id.replace(/^./, (letter) => letter.toUpperCase())),
    el("p", { class: "tags" },
      el("span", { class: `tag ${given.length ? "signed" : ""}` }, given.length ? "answered" : "not answered"),
      asked.needed ? el("span", { class: "tag mark" }, "needed for a release") : null),
    el("dl", { class: "text" }, el("dt", {}, `docs/clinical.md: ${asked.row}`), el("dd", {}, asked.asks)),
    given.length ? el("ul", { class: "others" }, ...given.map((each) => el("li", {}, who(each), el("p", {}, each.answer)))) : null,
  ];
}

// --- the text

function row(item, [head, text]) {
  const name = item.kind === "line" ? (HEARD[head] ?? head) : head;
  const reads = item.kind === "line" && head === "drawing" ? plain(text) : text;
  return [name ? el("dt", {}, ...marked(name)) : null, reads ? el("dd", {}, ...marked(reads)) : null];
}

/** A text with its marks as elements: read before, differs by locale, a pause. */
export function marked(text) {
  const found = [];
  for (const part of text.split(/(‹[^›]*›)/)) {
    if (part.startsWith("‹")) found.push(el("span", { class: "read" }, ...inside(part)));
    else found.push(...inside(part));
  }
  return found;
}

const inside = (text) =>
  text.split(/(⟨[^⟩]*⟩|\[[\d.]+s\])/).map((part) => {
    if (part.startsWith("⟨")) return el("span", { class: "differs" }, part);
    return /^\[[\d.]+s\]$/.test(part) ? el("span", { class: "pause" }, part) : part;
  });

const plain = (name) => name.replaceAll("_", " ");

function hearing(item) {
  if (!item.aloud.length) return null;
  const buttons = item.aloud.map((each, at) =>
    el("button", { type: "button", class: "hear", "data-at": at },
      `Hear ${each.who === "say" ? "it" : each.who}`, at ? null : [" ", el("kbd", {}, "S")]));
  return el("div", { class: "buttons", role: "group", "aria-label": "Hear it, in the words of en-US" }, ...buttons);
}

// --- what was said of it

const who = (said) => el("strong", {}, `${said.by}, ${said.role}, ${said.date}`);

function tags(item, { now, me }) {
  const names = new Set(item.things.map(({ id }) => now.states[id]?.name ?? "not signed"));
  const lacking = new Set(item.things.flatMap(({ id }) => now.states[id]?.lacking ?? []));
  const own = entries(item, now).find(({ said }) => said.by === me && said.current);
  return [
    ...[...names].map((name) => el("span", { class: `tag ${name.replaceAll(" ", "-")}` }, name)),
    ...[...lacking].map((role) => el("span", { class: "tag" }, `no ${role} yet`)),
    own ? el("span", { class: "tag sure" }, `you said: ${own.said.verdict}`) : null,
    ...item.marks.map((mark) => el("span", { class: "tag mark" }, mark)),
    ...item.locales.map((locale) => el("span", { class: "tag" }, locale)),
  ].filter(Boolean).flatMap((tag) => [tag, " "]);
}

/** Who said what of it; the same of several things once. */
export function entries(item, now) {
  const found = new Map();
  for (const { id } of item.things) {
    for (const said of now.states[id]?.entries ?? []) {
      const key = JSON.stringify([said.by, said.verdict, said.comment, said.current, said.differs]);
      if (found.has(key)) found.get(key).ids.push(id);
      else found.set(key, { said, ids: [id] });
    }
  }
  return [...found.values()];
}

function others(item, { now, me }) {
  const said = entries(item, now).filter((each) => each.said.current);
  if (!said.length) return null;
  return el("ul", { class: "others" }, ...said.map(({ said: each, ids }) =>
    el("li", { class: each.verdict === "change" ? "against" : "" },
      each.by === me ? el("strong", {}, `You, ${each.date}`) : who(each), `: ${each.verdict}`,
      ids.length < item.things.length ? ` (${ids.join(", ")})` : "",
      each.comment ? el("p", {}, each.comment) : null)));
}

function changes(item, { now }) {
  const old = entries(item, now).filter((each) => !each.said.current);
  if (!old.length) return [];
  return [el("ul", { class: "others" }, ...old.map(({ said, ids }) =>
    el("li", { class: "old" }, "Changed since ", who(said), ` said: ${said.verdict}`,
      ids.length < item.things.length ? ` (${ids.join(", ")})` : "",
      said.comment ? el("p", {}, said.comment) : null,
      ...said.differs.map(([name, was, is]) =>
        el("div", { class: "was" }, el("p", { class: "soft small" }, name),
          el("p", {}, "Was: ", el("del", {}, was)), el("p", {}, "Is: ", el("ins", {}, is)))))))];
}

// --- what is looked up

function lookedUp(item, script) {
  const text = item.whole.flatMap((each) => each.means.map((pair) => pair.join(" "))).join(" ");
  const heads = item.whole.flatMap((each) => each.means.map(([name]) => name));
  const short = heads.filter((name) => TABLES.includes(item.kind) && script.short[name]);
  const follows = Object.keys(script.follows).filter((name) => TABLES.includes(item.kind) && name !== item.title && names(text, name));
  return [
    folded("Whole, as it is signed", item.whole.map(whole)),
    folded(`Rests on ${item.sources.map((each) => each.code).join(", ")}`, item.sources.map((each) => source(each, script.grades))),
    folded("The lines that it names", item.named.map((key) => [key, script.lines[key]])),
    folded("Her words, by example", short.map((name) => [name, script.short[name]])),
    folded("The words in capitals", follows.map((name) => [name, Object.entries(script.follows[name]).map((pair) => pair.filter(Boolean).join(": ")).join("; ")])),
    folded("By locale", item.tokens.map((name) => byLocale(name, script.tokens))),
  ];
}

const names = (text, name) => new RegExp(`(^|[^A-Z])${name.replace(/^if /, "")}($|[^A-Z])`).test(text);

function folded(title, pairs) {
  if (!pairs.length) return null;
  return el("details", { class: "more" }, el("summary", {}, title),
    el("dl", { class: "looked-up" }, ...pairs.map(([name, ...told]) => [el("dt", {}, name), el("dd", {}, ...told)]).flat()));
}

const whole = ({ ids, means }) => [
  ids.join(", "),
  ...means.map(([name, text]) => el("p", {}, name ? el("span", { class: "soft" }, `${name}${text ? ": " : ""}`) : null, text)),
];

function source({ code, grade, what, url }, grades) {
  const about = grade ? `${code}, grade ${grade}: ${grades[grade]}` : code;
  return [about, what, url ? [" ", el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, "Open it on the web")] : ""].flat();
}

function byLocale(name, tokens) {
  const places = tokens[name[0].toLowerCase() + name.slice(1)];
  return [name, ...Object.entries(places).flatMap(([place, means]) =>
    Object.entries(means).map(([to, text]) => el("p", {}, el("span", { class: "soft" }, `${place}${to === "always" ? "" : `, ${to}`}: `), text)))];
}
