// Conversations in a file: saved, and replayed step by step.

import { $, el, post } from "./dom.js";

const TOLD = ["understood", "hears", "microphone", "place", "level"];

/** Saves what post() gives as a file. */
export function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = el("a", { href: address, download: `${name.replace(/[^\w -]/g, "")}.yaml` });
  link.click();
  URL.revokeObjectURL(address);
}

/** Replays plays of a file: begin(play) starts a conversation, step(turn) says a line of it. */
export class Replay {
  #plays = [];
  #at = 0;

  constructor(begin, step) {
    this.begin = begin;
    this.step = step;
    $("play-choice").addEventListener("change", () => this.start());
    $("replay-again").addEventListener("click", () => this.start());
    $("replay-next").addEventListener("click", () => this.next());
  }

  get #play() {
    return this.#plays[$("play-choice").selectedIndex];
  }

  /** Reads a file; throws an Error where it is none of plays. */
  async read(file) {
    const { plays } = await post("/api/plays", { text: await file.text() });
    this.#plays = plays;
    $("play-choice").replaceChildren(...plays.map((play) => el("option", {}, play.name)));
    $("replay").hidden = false;
    await this.start();
  }

  async start() {
    this.#at = 0;
    const lines = this.#play.turns.map((turn) => el("li", {}, (turn.after ? `${turn.after} later: ` : "") + turn.she));
    $("replay-lines").replaceChildren(...lines);
    $("replay-next").disabled = true; // until the conversation has begun
    await this.begin(this.#play);
    this.#mark();
  }

  async next() {
    const turn = this.#play.turns[this.#at];
    $("replay-next").disabled = true;
    try {
      const answered = await this.step(turn);
      if (!answered) return;
      const item = $("replay-lines").children[this.#at];
      item.classList.add("done");
      item.append(...differences(turn, answered.follows));
      this.#at += 1;
    } finally {
      this.#mark();
    }
  }

  #mark() {
    const { turns } = this.#play;
    const over = this.#at >= turns.length;
    $("replay-next").disabled = over;
    [...$("replay-lines").children].forEach((item, at) => {
      if (at === this.#at) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    const differing = $("replay-lines").querySelectorAll(".differs").length;
    const result = differing ? `${differing} of them otherwise than in the file` : "all as in the file";
    $("replay-state").textContent = this.#at ? `${this.#at} of ${turns.length} lines, ${result}.` : `${turns.length} lines.`;
  }
}

function differences(wanted, is) {
  const astray = TOLD.filter((name) => "hears" in wanted && (wanted[name] ?? null) !== (is[name] ?? null));
  if (!astray.length) return [];
  const told = astray.map((name) => `${name}: “${is[name] ?? "none"}”, and the file has “${wanted[name] ?? "none"}”`);
  return [el("div", { class: "differs" }, told.join("; "))];
}
