// The open microphone: eight seconds, twice; and hearing her, where nothing is sent anywhere.

export const SECONDS = 8;

/** Runs eight seconds down; they stand still while she types, and where nobody wants them. */
export class Microphone {
  #timer = null;
  #left = 0;

  /** tick: told the seconds left. held: whether time stands still. */
  constructor(tick, held) {
    this.tick = tick;
    this.held = held;
  }

  get open() {
    return this.#timer !== null;
  }

  /** Opens; silent is called when the eight seconds are over. */
  listen(silent) {
    this.close();
    this.#left = SECONDS;
    this.tick(this.#left);
    let before = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      if (!this.held()) this.#left -= (now - before) / 1000;
      before = now;
      this.tick(Math.max(0, this.#left));
      if (this.#left <= 0) {
        this.close();
        silent();
      }
    }, 200);
  }

  close() {
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** Recognition on this machine for a locale: a function that hears one line; or why there is none. */
export async function localRecognition(locale) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition?.available) {
    return { why: "No button to speak: this browser would send your voice to a server." };
  }
  let ready = "unavailable";
  try {
    ready = await Recognition.available({ langs: [locale], processLocally: true });
  } catch {
    // what it cannot tell, it cannot do
  }
  if (ready !== "available") {
    return { why: `No button to speak: this browser has no ${locale} speech pack on this machine.` };
  }
  return { hear: () => heard(Recognition, locale) };
}

function heard(Recognition, locale) {
  return new Promise((done, failed) => {
    const recognition = new Recognition();
    recognition.lang = locale;
    recognition.processLocally = true;
    let line = "";
    recognition.onresult = (event) => (line = event.results[0][0].transcript);
    recognition.onerror = (event) => failed(new Error(`Not heard: ${event.error}`));
    recognition.onend = () => done(line);
    recognition.start();
  });
}
