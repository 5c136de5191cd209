// The simulator: one device, one conversation at a time.

import { showAnswers, showPlace, drawWays } from "./answers.js";
import { $, post, tabs } from "./dom.js";
import { copyable, showExchange } from "./exchange.js";
import { localRecognition, Microphone, SECONDS } from "./microphone.js";
import { download, Replay } from "./plays.js";
import { onTouch, setScreen, showOnScreen } from "./screen.js";
import { answer, begin, happened, note } from "./transcript.js";
import { localVoice, Voice } from "./voice.js";

const SILENCE = "(silence)";
const page = { id: null, here: null, been: [], turn: null, place: null, hear: null, speechChosen: false, typed: [] };
const voice = new Voice();
const microphone = new Microphone(showTime, () => $("clock").value === "wait" || $("line").value !== "");
const showTab = tabs(document.querySelector("[role=tablist]"), (id) => id === "map" && drawWays());

// --- the state of the device

const STATES = {
  idle: ["Asleep", "The microphone is closed. What you say begins a conversation."],
  thinking: ["One moment", ""],
  speaking: ["Speaking", "“Alexa …” cuts in, and so does the Escape key."],
  listening: ["Listening", "The microphone is open."],
};

function show(state, more) {
  const [title, usual] = STATES[state];
  $("night").dataset.state = state;
  $("state").textContent = title;
  $("state-more").textContent = more ?? usual;
  $("silence").disabled = state !== "listening";
  $("wake").disabled = state !== "speaking";
}

function showTime(left) {
  const held = microphone.held();
  $("echo").style.setProperty("--left", left / SECONDS);
  const time = held ? "waits for you" : `${Math.ceil(left)} s`;
  $("state").textContent = `Listening · ${time}`;
}

function trouble(error) {
  $("trouble").textContent = error?.message ?? "";
  $("trouble").hidden = !error;
}

// --- a turn

let last = Promise.resolve();

/** Does something, once what was begun before is done; the turn, or null where there was trouble. */
function act(action, body, shown) {
  last = last.then(() => acted(action, body, shown));
  return last;
}

async function acted(action, body, shown) {
  voice.cut();
  microphone.close();
  trouble(null);
  const before = $("night").dataset.state;
  show("thinking");
  const place = shown ? begin(shown) : null;
  const slow = setTimeout(() => show("thinking", "It learns from the samples first, once."), 1500);
  try {
    const { turn, here } = await post(`/api/conversations/${page.id}/${action}`, body);
    keep(turn, here, place);
    return turn;
  } catch (error) {
    place?.remove();
    trouble(error);
    show(before === "listening" || before === "speaking" ? "listening" : "idle");
    return null;
  } finally {
    clearTimeout(slow);
  }
}

function keep(turn, here, place) {
  page.here = here;
  if (turn.intent) {
    page.turn = turn;
    page.place = place;
    answer(place, turn, () => look(turn));
    page.been.push(here.open ? here.place.place.ask : "end");
    $("said").textContent = `${turn.speech} ${turn.open ? "Microphone open." : "The session is over."}`;
    $("save-play").disabled = false;
    showExchange(turn);
    showOnScreen(turn.response);
  } else {
    place?.remove();
    if (!here.open) showOnScreen(null);
  }
  showAnswers(here, choose);
  showPlace(here, page.been);
}

/** Speaks the answer, then listens, as long as nobody cuts in. */
async function speak(turn) {
  if (!turn?.intent) return rest();
  if (turn.how === "silence") return rest();
  show("speaking");
  const whole = await voice.speak(turn.sounds, $("speech").value, localVoice($("locale").value));
  if (whole) listen(silent);
}

function rest() {
  if (page.here?.open) listen(silent);
  else show("idle");
}

function listen(afterwards) {
  if (!page.here.open) return show("idle");
  show("listening");
  microphone.listen(afterwards);
}

/** Eight seconds of silence: the reprompt, and eight seconds more. */
async function silent() {
  microphone.close();
  note(page.place, `Eight seconds of silence. ${page.turn.reprompt ?? ""}`);
  $("said").textContent = page.turn.reprompt ?? "";
  show("speaking");
  const sounds = page.turn.reprompt_sounds;
  const whole = await voice.speak(sounds, $("speech").value, localVoice($("locale").value));
  if (whole) listen(over);
}

async function over() {
  await speak(await act("say", { line: SILENCE }, SILENCE));
}

async function say(line) {
  page.typed.unshift(line);
  await speak(await act("say", { line }, line));
}

async function choose(label, choice) {
  await speak(await act("choose", { ...choice, label }, label));
}

async function touch(button) {
  await speak(await act("touch", { button }, `(touch ${button})`));
}

function cutIn() {
  if (!voice.speaking) return;
  voice.cut();
  note(page.place, "Cut off here.");
  $("line").focus();
  listen(silent);
}

function look(turn) {
  showExchange(turn);
  showTab("exchange");
  $("tab-exchange").focus();
}

// --- beginning

const settings = () => ({
  locale: $("locale").value,
  screen: $("device").value,
  speaker: $("speaker").value,
  stage: $("stage").value,
});

function anew() {
  last = last.then(begun);
  return last;
}

async function begun() {
  voice.cut();
  microphone.close();
  trouble(null);
  try {
    const { id, here } = await post("/api/conversations", settings());
    Object.assign(page, { id, been: [], turn: null, place: null });
    $("transcript").replaceChildren();
    $("empty").hidden = false;
    $("save-play").disabled = true;
    $("exchanged").hidden = true;
    $("no-exchange").hidden = false;
    setScreen();
    keep({}, here, null);
    show("idle");
  } catch (error) {
    trouble(error);
  }
  await offerSpeech();
}

async function offerSpeech() {
  const locale = $("locale").value;
  const { hear, why } = await localRecognition(locale);
  page.hear = hear ?? null;
  $("listen").hidden = !hear;
  $("listen-note").textContent = hear ? "" : why;
  showVoice();
}

function showVoice() {
  const found = localVoice($("locale").value);
  $("speech").querySelector("[value=aloud]").disabled = !found;
  if (!page.speechChosen) $("speech").value = found ? "aloud" : "once"; // voices may come late
  $("voice-note").textContent = found
    ? `Spoken by ${found.name}, on this machine. A whisper is said quietly: browsers cannot whisper.`
    : "Nothing is spoken aloud: this browser has no English voice on this machine.";
}

// --- what can be pressed

$("talk").addEventListener("submit", (event) => {
  event.preventDefault();
  const line = $("line").value.trim();
  if (!line) return;
  $("line").value = "";
  say(line);
});
$("line").addEventListener("keydown", (event) => {
  if (event.key !== "ArrowUp" || $("line").value || !page.typed.length) return;
  event.preventDefault();
  $("line").value = page.typed[0];
});
document.addEventListener("keydown", (event) => event.key === "Escape" && cutIn());
$("openings").addEventListener("click", (event) => {
  if (event.target.matches("button")) say(event.target.textContent);
});
$("launch").addEventListener("click", () => say("open cramp coach"));
$("silence").addEventListener("click", () => {
  const last = page.place?.querySelector(".after");
  return last?.textContent.startsWith("Eight seconds") ? over() : silent();
});
$("wake").addEventListener("click", cutIn);
$("later").addEventListener("click", async () => {
  if ((await act("wait", { after: "10 min" })) === null) return;
  happened(`Ten minutes pass. ${Math.round(page.here.waited_seconds / 60)} in all.`);
  rest();
});
$("anew").addEventListener("click", anew);
$("speech").addEventListener("change", () => (page.speechChosen = true));
$("locale").addEventListener("change", anew);
for (const id of ["device", "speaker", "stage"]) {
  $(id).addEventListener("change", async () => {
    if (id === "device") setScreen();
    await act("device", settings());
    if (id === "device" && page.turn) showOnScreen(page.turn.response);
    rest();
  });
}
$("listen").addEventListener("click", async () => {
  try {
    const line = await page.hear();
    if (line) await say(line);
  } catch (error) {
    trouble(error);
  }
});

const replay = new Replay(
  async ({ locale, screen }) => {
    $("locale").value = locale;
    if (screen) $("device").value = screen;
    $("clock").value = "wait";
    await anew();
  },
  async (turn) => {
    if (turn.after) {
      await act("wait", { after: turn.after });
      happened(`${turn.after} pass.`);
    }
    const answered = await act("say", { line: turn.she }, turn.she);
    speak(answered);
    return answered;
  },
);
$("play-file").addEventListener("change", async () => {
  const [file] = $("play-file").files;
  if (!file) return;
  try {
    trouble(null);
    await replay.read(file);
  } catch (error) {
    trouble(error);
  }
});
$("save").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = $("play-name").value.trim() || "a conversation";
  const { text } = await post(`/api/conversations/${page.id}/play`, { name });
  download(name, text);
});

onTouch(touch);
copyable();
window.speechSynthesis?.addEventListener?.("voiceschanged", showVoice);
window.addEventListener("resize", drawWays);
anew();
