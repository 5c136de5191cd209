// One thing that is signed: what it says, what helps to judge it, and what was said of it.

import { el } from "./dom.js";

const TABLES = ["table", "follows"];
const KEY = /[a-z_]+(?:\.[a-z0-9_]+)+/g; // the name of a line
const INLINE = ["sign", "stretch"]; // few lines are named there, and they are what is judged
const FORMS = {
  say: (who, does) => `${who} ${does}`,
  again: (who, does) => `When asked again, ${who.toLowerCase()} ${does}`,
  reprompt: (who, does) => `After silence, ${who.toLowerCase()} ${does}`,
  agreed: (who, does) => `After a bare yes, ${who.toLowerCase()} ${does}`,
  tell: (who) => `To be told on the phone${who === "She" ? "" : ", by a helper"}`,
  short: () => "In short: on a screen, and where a round is done again",
  heading: () => "Heading",
  write: () => "She reads",
  card: () => "With this card",
  drawing: () => "With this drawing",
};
const TO = { emergency: "at an emergency", call_now: "at a call", neither: "if not pregnant", after_birth: "after a birth", pregnant: "if pregnant" };

/** The parts of an item, top to bottom. desk: { script, now, me }. */
export function shown(item, desk) {
  if (item.question) return question(item, desk);
  const chapter = desk.script.chapters[item.chapter];
  return [
    el("p", { class: "soft small" }, `${chapter.title} · ${item.place} of ${chapter.items}`),
    el("h2", { id: "title", tabindex: -1 }, titled(item)),
    el("p", { class: "tags" }, tags(item, desk)),
    chapter.note ? el("details", { class: "note", "data-name": item.place === 1 ? "" : "note" }, el("summary", {}, "About this part"), el("p", { class: "soft" }, ...marked(chapter.note))) : null,
    ...changes(item, desk),
    item.drawing ? el("img", { class: "drawing", src: `/drawings/${item.drawing}.svg`, alt: `Drawing: ${plain(item.drawing)}` }) : null,
    el("div", { class: `text ${TABLES.includes(item.kind) ? "table" : item.kind}` }, ...item.rows.map((each) => row(item, each, desk.script))),
    others(item, desk),
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
    el("div", { class: "text" }, el("p", { class: "told" }, asked.asks), ...asked.facts.map((fact) => el("div", { class: "note soft" }, ...cells(fact)))),
    given.length ? el("ul", { class: "others" }, ...given.map((each) => el("li", {}, who(each), el("p", {}, each.answer)))) : null,
  ];
}

// --- the text

function row(item, [head, parts], script) {
  const name = item.kind === "line" ? label(head, item.aloud.length ? "hears" : "reads") : plain(head);
  const text = parts.map(([words]) => words).join(" ");
  const drawn = item.kind === "line" && head === "drawing";
  const told = parts.flatMap(([words, same]) => [el("span", { class: same ? "same" : "" }, ...marked(drawn ? plain(words) : words)), " "]);
  const keys = head === "card" ? [text.replace("card.card.", "card.")] : INLINE.includes(item.kind) ? text.replace(/\basks (\w+)/g, "ask.$1").match(KEY) ?? [] : [];
  const lines = keys.filter((key) => key in script.lines).map((key) => el("p", { class: "named" }, ...marked(script.lines[key])));
  return el("div", { class: `row ${plain(head).startsWith("level") ? "level" : ""}` },
    name ? el("p", { class: "head" }, ...marked(name), hearing(item, head, name)) : null,
    text ? el("div", { class: "told" }, ...(head === "card" ? [] : told), ...lines) : null);
}

function hearing(item, head, name) {
  const at = item.aloud.findIndex((each) => each.who === head);
  return at < 0 ? null : [" ", el("button", { type: "button", class: "hear", "data-at": at }, "Hear", el("span", { class: "unseen" }, `: ${name}`), at ? null : [" ", el("kbd", {}, "S")])].flat();
}

/** Who hears a text of a line, and when: "helper, again" and its like in words. */
function label(name, does) {
  const [, place, rest] = /^(?:(\S+): )?(.*)$/.exec(name);
  const words = rest.split(", ");
  const form = words.at(-1) in FORMS ? words.pop() : "say";
  const tags = words.join().split(" and ").filter(Boolean);
  const who = tags.includes("helper") ? "A helper" : "She";
  const when = tags.filter((tag) => tag in TO).map((tag) => TO[tag]);
  const where = place && (place === "elsewhere" ? "In every other locale" : `In ${place}`);
  const heard = FORMS[form](who, does);
  return [where, where ? heard.replace(/^./, (letter) => letter.toLowerCase()) : heard, ...when].filter(Boolean).join(", ");
}

/** What an item is called. */
export function titled(item) {
  if (item.question) return item.title;
  const name = plain(item.kind === "line" ? item.title.replaceAll(".", ": ") : item.title);
  return name.replace(/^./, (letter) => letter.toUpperCase()).replace(/\bi\b/g, "I");
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
  text.split(/(⟨[^⟩]*⟩|\{\w+\}|\[[\d.]+s\])/).map((part) => {
    if (/^[⟨{]/.test(part)) return el("span", { class: "differs" }, part);
    return /^\[[\d.]+s\]$/.test(part) ? el("span", { class: "pause" }, part) : part;
  });

const plain = (name) => name.replaceAll("_", " ");

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
    ...item.locales.map((locale) => el("span", { class: "tag" }, locale === "elsewhere" ? "every other locale" : locale)),
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

/** What stands below, folded: the whole text, sources, and what is named. */
export function lookedUp(item, script) {
  if (item.question) return [];
  const text = item.whole.flatMap((each) => each.means.map((pair) => pair.join(" "))).join(" ");
  const heads = item.whole.flatMap((each) => each.means.map(([name]) => name));
  const short = heads.filter((name) => TABLES.includes(item.kind) && script.short[name]);
  const follows = Object.keys(script.follows).filter((name) => TABLES.includes(item.kind) && name !== item.title && names(text, name));
  return [
    folded("whole", "Whole, as it is signed", item.whole.map(whole)),
    folded("sources", `Rests on ${item.sources.join(", ")}`, item.sources.map((code) => source(script.sources[code], script.grades))),
    folded("lines", "The lines that it names", INLINE.includes(item.kind) ? [] : item.named.map((key) => [key, ...marked(script.lines[key])])),
    folded("short", "Her words, by example", short.map((name) => [name, script.short[name]])),
    folded("capitals", "The words in capitals", follows.map((name) => [name, Object.entries(script.follows[name]).map((pair) => pair.filter(Boolean).join(": ")).join("; ")])),
    folded("locales", "By locale", item.tokens.map((name) => byLocale(name, script.tokens))),
  ];
}

const names = (text, name) => new RegExp(`(^|[^A-Z])${name.replace(/^if /, "")}($|[^A-Z])`).test(text);

function folded(name, title, pairs) {
  if (!pairs.length) return null;
  return el("details", { "data-name": name }, el("summary", {}, title),
    el("dl", { class: "looked-up" }, ...pairs.map(([of, ...told]) => [el("dt", {}, of), el("dd", {}, ...told)]).flat()));
}

const whole = ({ ids, means }) => [
  ids.join(", "),
  ...means.map(([name, text]) => el("p", {}, name ? el("span", { class: "soft" }, `${name}${text ? ": " : ""}`) : null, text)),
];

const cells = (fact) => fact.map(([head, text]) => el("p", {}, head ? el("span", { class: "soft" }, `${head}: `) : null, text));

function source({ code, grade, what, url, fact }, grades) {
  const about = grade ? `${code}, grade ${grade}: ${grades[grade]}` : code;
  return [about, fact.length ? el("strong", {}, what) : what, ...cells(fact), url ? [" ", el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, "Open it on the web")] : ""].flat();
}

function byLocale(name, tokens) {
  const places = tokens[name[0].toLowerCase() + name.slice(1)];
  return [name, ...Object.entries(places).flatMap(([place, means]) =>
    Object.entries(means).map(([to, text]) => el("p", {}, el("span", { class: "soft" }, `${place}${to === "always" ? "" : `, ${to}`}: `), text)))];
}
