// Request and response of one turn, as Amazon's console shows them.

import { $, el } from "./dom.js";

const thousands = (number) => number.toLocaleString("en");

/** Shows the exchange of a turn. */
export function showExchange(turn) {
  $("no-exchange").hidden = true;
  $("exchanged").hidden = false;
  $("of-line").textContent = turn.heard;
  $("figures").replaceChildren(
    figure("Answered in", `${turn.milliseconds} ms`),
    figure("Speech", turn.seconds ? `${turn.seconds} s` : "none"),
    figure("Response", `${thousands(turn.bytes.is)} of ${thousands(turn.bytes.most)} bytes`),
    figure("SSML", `${thousands(turn.letters.is)} of ${thousands(turn.letters.most)} letters`),
  );
  const reprompt = turn.reprompt_ssml ? `\n\n— after silence —\n${turn.reprompt_ssml}` : "";
  $("ssml").textContent = (turn.how === "silence" ? "" : turn.ssml) + reprompt || "none";
  $("request").textContent = JSON.stringify(turn.request, null, 2);
  $("response").textContent = JSON.stringify(turn.response, null, 2);
}

const figure = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

/** Makes the buttons copy what stands below them. */
export function copyable() {
  for (const button of document.querySelectorAll("[data-copies]")) {
    const name = button.previousElementSibling.textContent;
    button.setAttribute("aria-label", `Copy the ${name}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText($(button.dataset.copies).textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
  }
}
