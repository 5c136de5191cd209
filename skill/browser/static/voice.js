// The answer, spoken by the browser with voices of this machine alone.

const WORDS_A_SECOND = 2.5; // as skill/speech/words.py counts them
const WHISPER = { volume: 0.35, rate: 0.92 }; // a browser cannot whisper

/** The voice for a locale; null where there is none that speaks on this machine. */
export function localVoice(locale) {
  const voices = window.speechSynthesis?.getVoices().filter((voice) => voice.localService) ?? [];
  const language = (voice) => voice.lang.replace("_", "-");
  return (
    voices.find((voice) => language(voice) === locale) ??
    voices.find((voice) => language(voice).startsWith("en")) ??
    null
  );
}

/** Speaks sounds one after the other; whoever speaks again, or cuts, ends what was being said. */
export class Voice {
  #saying = null;

  get speaking() {
    return this.#saying !== null;
  }

  /** Ends what is being said. */
  cut() {
    this.#saying?.abort();
    this.#saying = null;
    window.speechSynthesis?.cancel();
  }

  /** Speaks; true when all was said, false when it was cut. manner: aloud, silent or once. */
  async speak(sounds, manner, voice) {
    this.cut();
    if (manner === "once") return true;
    const saying = new AbortController();
    this.#saying = saying;
    for (const sound of sounds) {
      if (sound.pause) await resting(sound.pause, saying.signal);
      else if (manner === "aloud" && voice) await spoken(sound, voice, saying.signal);
      else await resting(seconds(sound), saying.signal);
      if (saying.signal.aborted) return false;
    }
    this.#saying = null;
    return true;
  }
}

const seconds = (sound) => sound.say.split(" ").length / WORDS_A_SECOND / sound.rate;

function resting(time, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, time * 1000);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()));
  });
}

function spoken(sound, voice, signal) {
  return new Promise((done) => {
    const words = new SpeechSynthesisUtterance(sound.say);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = sound.rate * (sound.whisper ? WHISPER.rate : 1);
    words.volume = sound.volume * (sound.whisper ? WHISPER.volume : 1);
    const longest = setTimeout(done, (seconds(sound) * 3 + 5) * 1000); // some never tell their end
    words.onend = words.onerror = () => (clearTimeout(longest), done());
    signal.addEventListener("abort", () => (clearTimeout(longest), done()));
    window.speechSynthesis.speak(words);
  });
}
