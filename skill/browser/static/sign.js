// Signing: one thing at a time, by a person who is asked first.

import { $, el, post } from "./dom.js";
import { lookedUp, shown, titled } from "./thing.js";
import { localVoice, Voice } from "./voice.js";

const TOO_SOON = 400; // milliseconds in which nobody has read: a key that was pressed twice
const desk = { script: null, now: null, me: "", who: null, items: [], at: 0, later: new Set(), since: 0, busy: false, change: false, open: new Set() };
const voice = new Voice();

const item = () => desk.items[desk.at];

function trouble(place, text, more = false) {
  $("trouble").hidden = $("who-trouble").hidden = true;
  if (!text) return;
  if (place === "who-trouble") $(place).textContent = text;
  else $("trouble-text").textContent = text;
  $("anew").hidden = !more;
  $(place).hidden = false;
  $(place).scrollIntoView({ block: "nearest" });
}

// --- the script

async function read() {
  desk.script = await post("/api/script", {});
  const { chapters, items, questions, words, minutes, only_read, locales, roles } = desk.script;
  $("needed").textContent = `Each thing is signed once one each of these has said “as it is”: ${roles.join(", ")}.`;
  $("how-much").textContent = `${words.toLocaleString("en")} words to read: about ${minutes} minutes; and ${only_read.toLocaleString("en")} that nobody hears, in the store and on the pages.`;
  for (const each of chapters) each.items = 0;
  for (const each of items) each.place = ++chapters[each.chapter].items;
  const asked = questions.map((question, at) => ({ question, place: at + 1, chapter: chapters.length, things: [{ id: question.id }], words: question.words, title: question.asks, marks: question.id.startsWith("decision") ? ["design decision"] : [], locales: [] }));
  desk.items = [...items, ...asked];
  options("locale", locales.map((name) => [name, name === "elsewhere" ? "every other locale" : name]));
  options("subject", [...chapters.map((each, at) => [at, each.title]), [chapters.length, "Questions and decisions"]]);
}

function options(id, pairs) {
  const chosen = $(id).value;
  $(id).replaceChildren($(id).options[0], ...pairs.map(([value, name]) => el("option", { value }, name)));
  $(id).value = chosen;
}

function known(people) {
  $("known").replaceChildren(...people.map(({ by, role }) =>
    el("button", { type: "button", onclick: () => (($("by").value = by), ($("role").value = role), $("begin").focus()) }, `${by}, ${role}`)));
  $("known").hidden = !people.length;
}

// --- who signs

async function start() {
  try {
    await read();
    known(desk.script.people);
    for (const id of ["by", "role"]) $(id).value ||= localStorage.getItem(`signs ${id}`) ?? "";
  } catch (error) {
    $("how-much").textContent = "The script could not be read.";
    trouble("who-trouble", error.message);
  }
  $("begin").disabled = false;
}

const FIELDS = ["by", "role", "date"];
const WRONG = { by: /^your name/, role: /^role|sign by that name and role/, date: /not a date|not come yet/ };

async function begin(event) {
  event.preventDefault();
  try {
    if (!desk.script) await read();
    const begun = await post("/api/begin", { by: $("by").value, role: $("role").value, date: $("date").value });
    desk.who = begun.who;
    desk.me = begun.who.by;
    desk.now = begun;
    localStorage.setItem("signs by", begun.who.by);
    localStorage.setItem("signs role", begun.who.role);
    trouble();
    $("file").textContent = `${begun.who.by}, ${begun.who.role}, ${begun.who.date}. Written into ${begun.who.file}`;
    $("who").hidden = true;
    $("desk").hidden = false;
    const first = desk.items.findIndex((each) => !said(each));
    go(Math.max(first, 0));
    for (const id of FIELDS) $(id).removeAttribute("aria-invalid");
    tell(begun.counts ? "" : `It takes one each of: ${begun.roles.join(", ")}. As ${begun.who.role}, what you say is shown, and “change” keeps a thing from being signed; “as it is” counts for none of them.`);
  } catch (error) {
    trouble("who-trouble", error.message);
    const wrong = FIELDS.find((id) => WRONG[id].test(error.message));
    for (const id of FIELDS) $(id).setAttribute("aria-invalid", id === wrong);
    if (wrong) $(wrong).focus();
  }
}

// --- what was said

/** What I said of each of its things, as it is now or was. */
function own(each) {
  if (each.question) return [desk.now.answers[each.question.id]?.find((given) => given.by === desk.me)];
  return each.things.map(({ id }) => desk.now.states[id]?.entries.find((entry) => entry.by === desk.me));
}

const said = (each) => own(each).every((one) => one && (each.question || one.current));

function matches(each) {
  const states = each.things.map(({ id }) => desk.now.states[id]);
  const which = {
    all: () => true,
    mine: () => !said(each),
    unsigned: () => (each.question ? !desk.now.answers[each.question.id]?.length : states.some((state) => state?.name !== "signed")),
    changed: () => states.some((state) => state?.entries.some((entry) => !entry.current)),
  }[$("which").value] ?? (() => each.marks.includes($("which").value));
  return which() && (!$("locale").value || each.locales.includes($("locale").value)) &&
    ($("subject").value === "" || each.chapter === Number($("subject").value));
}

// --- going from one to the other

function go(at) {
  voice.cut();
  desk.at = at;
  desk.since = performance.now();
  desk.change = false;
  trouble();
  draw();
  $("comment").value = draft() ?? usual();
  note();
  window.scrollTo(0, 0);
  $("title").focus({ preventScroll: true });
}

function draw() {
  $("thing").replaceChildren(...shown(item(), desk).filter(Boolean));
  $("more").replaceChildren(...lookedUp(item(), desk.script).filter(Boolean));
  for (const each of document.querySelectorAll("#thing details, #more details")) {
    const name = each.dataset.name; // open for one is open for the next; none: open for this one
    each.open = !name || desk.open.has(name);
    if (name) each.addEventListener("toggle", () => desk.open[each.open ? "add" : "delete"](name));
  }
  for (const each of $("thing").querySelectorAll(".hear")) each.addEventListener("click", () => hear(Number(each.dataset.at)));
  const asked = Boolean(item().question);
  $("as-is").hidden = $("change").hidden = asked;
  $("answer").hidden = !asked;
  $("comment-label").textContent = asked ? "Your answer" : "Comment";
  $("take-back").hidden = !own(item()).some(Boolean);
  progress();
  matching();
}

/** What stands in the comment of what I said already. */
function usual() {
  const [mine] = own(item());
  return mine?.answer ?? (mine?.current ? mine.comment : "") ?? "";
}

function progress() {
  const { signed, of } = desk.now;
  const things = desk.items.filter((each) => !each.question);
  const mine = things.filter(said).reduce((sum, each) => sum + each.things.length, 0);
  const answered = desk.items.filter((each) => each.question && said(each)).length;
  const left = Math.ceil(wordsLeft() / desk.script.a_minute);
  $("progress").textContent = `${signed} of ${of} signed. By you: ${mine} of ${of}, and ${answered} of ${desk.script.questions.length} questions. About ${left} minutes left.`;
  $("bar").max = desk.items.length;
  $("bar").value = desk.items.filter(said).length;
}

/** The words of what I have said nothing of, with the heads of their chapters. */
function wordsLeft() {
  const left = desk.items.filter((each) => !said(each));
  const heads = [...new Set(left.map((each) => each.chapter))].map((at) => desk.script.chapters[at]?.words ?? 0);
  return [...left.map((each) => each.words), ...heads].reduce((sum, each) => sum + each, 0);
}

function matching() {
  const found = desk.items.filter(matches).length;
  $("matching").textContent = `${found} of ${desk.items.length} shown`;
  if ($("contents").open) list();
}

function list() {
  $("list").replaceChildren(...desk.items.flatMap((each, at) => matches(each)
    ? [el("li", {}, el("button", { type: "button", class: said(each) ? "done" : "", "aria-current": at === desk.at ? "true" : null, onclick: () => desk.busy || go(at) },
        `${said(each) ? "✓ " : ""}${titled(each)}`))]
    : []));
}

/** The next item in this direction that is shown, and is wanted; -1 where there is none. */
function seek(step, wanted = () => true) {
  for (let count = 1; count <= desk.items.length; count++) {
    const at = (desk.at + step * count + desk.items.length * count) % desk.items.length;
    if (matches(desk.items[at]) && wanted(desk.items[at])) return at;
  }
  return -1;
}

function step(by) {
  const at = seek(by);
  if (at < 0) return tell("Nothing is shown: choose something else under “Show”.");
  go(at);
  tell("");
}

/** To what I have said nothing of: what was put off comes last. */
function onward(told) {
  let at = seek(1, (each) => !said(each) && !desk.later.has(each));
  if (at < 0) at = seek(1, (each) => !said(each));
  if (at >= 0) go(at);
  else draw();
  tell(at >= 0 ? told : `${told} You have said something of everything that is shown here.`);
}

const tell = (text) => ($("said").textContent = text);

// --- drafts: nothing that was typed is lost

const place = () => `draft ${desk.me}: ${item().things[0].id}`;
const draft = () => localStorage.getItem(place());

function note() {
  const what = item().question ? "sends the answer" : desk.change ? "sends the change" : "signs it as it is, with this comment";
  $("comment-note").textContent = `Ctrl+Enter ${what}; Esc leaves.`;
}

function keep() {
  if ($("comment").value === usual()) localStorage.removeItem(place());
  else localStorage.setItem(place(), $("comment").value);
}

// --- saying it

async function send(what, told) {
  if (desk.busy) return;
  const about = item();
  const where = place();
  const marks = Object.fromEntries(about.things.map(({ id }, at) => [id, own(about)[at]?.mark ?? ""]));
  desk.busy = $("comment").readOnly = true; // what is typed meanwhile would be lost
  tell("Writing …");
  try {
    desk.now = await post("/api/sign", { by: desk.who.by, role: desk.who.role, date: desk.who.date, known: marks, ...what });
    localStorage.removeItem(where);
    desk.later.delete(about);
    trouble();
    if (what.withdrawn) {
      go(desk.at);
      tell(told);
    } else onward(told);
  } catch (error) {
    tell("");
    await refresh();
    trouble("trouble", `Not written. ${error.message}`, true);
  } finally {
    desk.busy = $("comment").readOnly = false;
  }
}

/** What everybody says now, where it can be had; what was typed stays. */
async function refresh() {
  try {
    desk.now = await post("/api/now", {});
    draw();
  } catch {
    // the trouble that led here is told
  }
}

function say(verdict) {
  const comment = $("comment").value.trim();
  if (performance.now() - desk.since < TOO_SOON) return tell("Not signed: that came too soon after the text. Read it, and press again.");
  const verdicts = item().things.map(({ id, hash }) => ({ id, hash, verdict, comment }));
  return send({ verdicts }, `${titled(item())}: ${verdict}${comment ? ", with your comment" : ""}.`);
}

function change() {
  if (item().question) return answer();
  desk.change = true;
  note();
  if ($("comment").value.trim()) return say("change");
  $("comment").focus();
  return tell("Write what is to be changed, then press Ctrl+Enter, or “Change” again.");
}

function answer() {
  const text = $("comment").value.trim();
  if (text) return send({ answers: { [item().question.id]: text } }, `${item().question.id}: answered.`);
  $("comment").focus();
  return tell("Write the answer, then press Ctrl+Enter, or “Answer” again.");
}

function later() {
  desk.later.add(item());
  onward(`${titled(item())}: later.`);
}

function takeBack() {
  if (!own(item()).some(Boolean)) return;
  const withdrawn = item().things.map(({ id }) => id);
  send({ withdrawn }, "Taken back: nothing is said of it by you.");
}

async function anew() {
  const id = item().things[0].id;
  const typed = $("comment").value;
  try {
    await read();
    desk.now = await post("/api/now", {});
    go(Math.max(0, desk.items.findIndex((each) => each.things.some((thing) => thing.id === id))));
    $("comment").value = typed;
    tell("This is how it is now.");
  } catch (error) {
    trouble("trouble", error.message, true);
  }
}

// --- hearing it

function hear(at) {
  if (voice.speaking) return voice.cut();
  const found = item().aloud?.[at];
  if (!found) return tell("This is not heard, but read.");
  const own_voice = localVoice("en-US");
  if (!own_voice) return tell("This browser has no voice of its own on this machine.");
  return voice.speak(found.sounds, "aloud", own_voice);
}

// --- keys

const KEYS = {
  a: () => item().question || say("as it is"),
  c: change,
  m: () => $("comment").focus(),
  l: later,
  n: () => step(1),
  p: () => step(-1),
  s: () => hear(0),
  u: takeBack,
  w: () => {
    const all = [...$("more").querySelectorAll("details")];
    const open = !all.some((each) => each.open);
    for (const each of all) each.open = open;
  },
};

function key(event) {
  if ($("desk").hidden) return;
  if (event.key === "Escape") return voice.cut();
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  if (!plain || !$("keys").checked || event.target.closest("input, select, textarea")) return;
  const does = KEYS[event.key.toLowerCase()];
  if (!does || desk.busy) return;
  event.preventDefault();
  does();
}

function inComment(event) {
  if (event.key === "Escape") $("title").focus();
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (desk.change || item().question) change();
  else say("as it is");
}

// --- what is pressed

const PRESSED = { "as-is": KEYS.a, change, answer, later, previous: KEYS.p, next: KEYS.n, "take-back": takeBack, anew };
for (const [id, does] of Object.entries(PRESSED)) $(id).addEventListener("click", () => desk.busy || does());
for (const id of ["which", "locale", "subject"]) {
  $(id).addEventListener("change", () => {
    if (matches(item())) matching();
    else step(1), $(id).focus();
    matching();
  });
}
$("who").addEventListener("submit", begin);
$("say").addEventListener("submit", (event) => event.preventDefault());
$("comment").addEventListener("input", keep);
$("comment").addEventListener("keydown", inComment);
$("contents").addEventListener("toggle", matching);
$("somebody-else").addEventListener("click", () => (voice.cut(), ($("desk").hidden = true), ($("who").hidden = false), $("by").focus()));
document.addEventListener("keydown", key);
$("by").focus();
start();
