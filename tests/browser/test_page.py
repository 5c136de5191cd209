"""The simulator's page in a real browser, as people use it: `make browser`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from skill.browser import renderer
from skill.browser.serve import page_beside
from skill.screen.drawing import avg
from tests.browser.chromium import DESKTOP, PHONE, VOICES, Simulator, chromium, viewport
from tests.plays import FOLDER

pytestmark = pytest.mark.browser

RELIEF = ("my calf is cramping", "it's gone", "no", "no", "no", "yes")
TABS = ("Answers", "Map", "Exchange", "Plays")

PATIENCE = 120_000
"""Milliseconds: no test is about a machine that is busy."""

expect.set_options(timeout=PATIENCE)

Open = Callable[..., Simulator]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the page is served."""
    with page_beside() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """Opens the page in a size, after a script of the test's own; nothing may go wrong in it."""
    all_opened: list[Simulator] = []

    def open_page(size: tuple[int, int] = DESKTOP, script: str = "", **options: Any) -> Simulator:
        page = browser.new_page(viewport=viewport(size), **options)
        page.set_default_timeout(PATIENCE)
        if script:
            page.add_init_script(script)
        simulator = Simulator(page, address)
        all_opened.append(simulator)
        simulator.open()
        return simulator

    yield open_page
    for simulator in all_opened:
        simulator.page.close()
        assert simulator.troubles == []


@pytest.fixture
def simulator(opened: Open) -> Simulator:
    """The page on a desktop, where answers are shown at once."""
    found = opened()
    found.choose("speech", "once")
    return found


# --- a conversation


def test_a_whole_conversation(simulator: Simulator) -> None:
    """A conversation is typed from the first words to the end of the session."""
    for line in RELIEF[:-1]:
        expect(simulator.say(line).locator(".foot")).to_contain_text("Microphone open")
        assert simulator.state == "listening"
    expect(simulator.say(RELIEF[-1]).locator(".foot")).to_contain_text("Session over")
    assert simulator.state == "idle"
    assert simulator.page.locator(".turn").count() == len(RELIEF)


def test_a_sign_in_the_middle(simulator: Simulator) -> None:
    """A warning sign in the middle is answered with its level, and whom to call."""
    simulator.say("my calf is cramping")
    turn = simulator.say("no but my chest hurts")
    expect(turn.locator(".coach")).to_have_class("coach urgent")
    expect(turn).to_contain_text("Call nine one one now")
    expect(turn.locator(".foot")).to_contain_text("level 1")


def test_how_it_was_understood(simulator: Simulator) -> None:
    """Each line tells whether it was a sample, learned with what else it may be, or nothing."""
    exact = simulator.say("my calf is cramping").locator(".she")
    expect(exact).to_contain_text("exact")
    expect(exact).to_contain_text("CrampIntent part = calf")
    learned = simulator.say("um so it is sort of gone now i think").locator(".she")
    expect(learned.locator(".tag")).to_contain_text("%")
    expect(learned).to_contain_text(" or: ")
    expect(simulator.say("hmph").locator(".she")).to_contain_text("fallback")


def test_lines_and_sources(simulator: Simulator) -> None:
    """An answer tells its lines, what each rests on, and that nobody has signed them."""
    turn = simulator.say("my calf is cramping")
    turn.get_by_text("4 lines, none signed").click()
    first = turn.locator(".lines > li").first
    expect(first).to_contain_text("stretch.calf.bed")
    expect(first).to_contain_text("not signed")
    expect(first.locator(".sources")).to_contain_text("HSE-CRAMP, grade A")


def test_another_locale(simulator: Simulator) -> None:
    """Another locale begins anew, and says its own number."""
    simulator.say("my calf is cramping")
    simulator.choose("locale", "en-GB")
    expect(simulator.page.locator(".turn")).to_have_count(0)
    expect(simulator.say("my calf is cramping")).to_contain_text("call nine nine nine")


def test_who_speaks(simulator: Simulator) -> None:
    """Somebody who speaks for her is spoken to as such."""
    simulator.choose("speaker", "helper")
    expect(simulator.say("my calf is cramping")).to_contain_text("her")


def test_a_chosen_answer(simulator: Simulator) -> None:
    """An answer of the table is given by choosing it, and leads where the table says."""
    simulator.say("my calf is cramping")
    table = simulator.tab("Answers")
    expect(table.locator("h3")).to_have_text("Has it let go?")
    row = table.locator(".answer").first
    leads = row.locator(".leads").inner_text()
    row.get_by_role("button", name="it's gone", exact=True).click()
    expect(simulator.page.locator(".turn")).to_have_count(2)
    expect(simulator.answered().locator(".she .tag")).to_have_text("forced")
    expect(table.locator("h3")).to_have_text(leads.strip())


def test_ten_minutes_later(simulator: Simulator) -> None:
    """After ten minutes the same answer is another reason to call."""
    simulator.say("my calf is cramping")
    simulator.page.get_by_role("button", name="Ten minutes later").click()
    expect(simulator.page.locator(".happened")).to_contain_text("Ten minutes pass")
    simulator.say("it still hurts")
    simulator.say("no")
    expect(simulator.say("it still hurts").locator(".foot")).to_contain_text("level 2")


# --- time, and speech


def test_silence_to_the_end(opened: Open) -> None:
    """Eight seconds of silence bring the reprompt, eight more the end of the session."""
    simulator = opened()
    simulator.page.clock.install()
    simulator.choose("speech", "once")
    turn = simulator.say("my calf is cramping")
    simulator.page.clock.run_for(4_000)
    expect(simulator.page.locator("#state")).to_have_text("Listening · 4 s")
    simulator.page.clock.run_for(4_500)
    expect(turn).to_contain_text("Eight seconds of silence. Say it's gone")
    assert simulator.state == "listening"
    simulator.page.clock.run_for(8_500)
    simulator.page.clock.resume()
    expect(simulator.answered()).to_contain_text("The session is over")
    simulator.wait_for("idle")


def test_silence_by_a_button(simulator: Simulator) -> None:
    """Silence need not be waited for."""
    simulator.say("my calf is cramping")
    nothing = simulator.page.get_by_role("button", name="Say nothing")
    nothing.click()
    expect(simulator.page.locator(".coach .after")).to_contain_text("Eight seconds of silence")
    nothing.click()
    expect(simulator.page.locator(".turn")).to_have_count(2)
    expect(simulator.answered()).to_contain_text("The session is over")
    expect(nothing).to_be_disabled()


def test_the_microphone_can_wait(opened: Open) -> None:
    """Nobody is hurried who does not want to be, nor while typing."""
    simulator = opened()
    simulator.page.clock.install()
    simulator.choose("speech", "once")
    simulator.say("my calf is cramping")
    simulator.page.fill("#line", "it is")
    simulator.page.clock.run_for(20_000)
    expect(simulator.page.locator("#state")).to_have_text("Listening · waits for you")
    simulator.page.fill("#line", "")
    simulator.choose("clock", "wait")
    simulator.page.clock.run_for(20_000)
    assert simulator.state == "listening"


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_the_wake_word_cuts_in(opened: Open, way: str) -> None:
    """The wake word in the middle of speech ends it, and opens the microphone."""
    simulator = opened()
    simulator.choose("speech", "silent")
    turn = simulator.say("my calf is cramping")
    simulator.wait_for("speaking")
    if way == "button":
        simulator.page.locator("#wake").click()
    else:
        simulator.page.keyboard.press("Escape")
    simulator.wait_for("listening")
    expect(turn).to_contain_text("Cut off here.")
    expect(simulator.page.locator("#line")).to_be_focused()


def test_it_is_spoken_on_this_machine(opened: Open) -> None:
    """An answer is spoken by a voice of this machine, with rate, volume and whisper."""
    simulator = opened(script=VOICES)
    expect(simulator.page.locator("#voice-note")).to_contain_text("Spoken by Near")
    for line in ("help", "whisper", "slower"):
        simulator.say(line)
        simulator.wait_for("listening")
    said: Any = simulator.page.evaluate(
        "said.map(it => [it.text, it.voice.name, it.rate, it.volume])"
    )
    assert {voice for _, voice, _, _ in said} == {"Near"}
    assert said[0][0].startswith("Straighten your leg")
    assert said[0][2:] == [1, 0.8]
    assert said[-1][2] < 0.8
    assert said[-1][3] < 0.3


def test_no_voice_of_a_server_speaks(opened: Open) -> None:
    """Where every voice is a server's, nothing is spoken aloud, and the page says so."""
    simulator = opened(script=f"window.noneIsNear = true;{VOICES}")
    expect(simulator.page.locator("#voice-note")).to_contain_text("Nothing is spoken aloud")
    simulator.say("help")
    assert simulator.page.evaluate("said.length") == 0


HEARING = """
window.SpeechRecognition = class {
  static async available({ langs, processLocally }) {
    return processLocally && langs[0] === "en-US" ? "available" : "downloadable";
  }
  start() {
    if (!this.processLocally) throw new Error("the voice would leave this machine");
    setTimeout(() => {
      this.onresult({ results: [[{ transcript: "my calf is cramping" }]] });
      this.onend();
    });
  }
};
"""


def test_she_can_speak_where_nothing_leaves(opened: Open) -> None:
    """Where the browser recognises speech on this machine, she may speak; elsewhere it says why."""
    simulator = opened(script=HEARING)
    simulator.page.get_by_role("button", name="Speak").click()
    expect(simulator.answered().locator(".she")).to_contain_text("my calf is cramping")
    simulator.choose("locale", "en-GB")
    expect(simulator.page.locator("#listen-note")).to_contain_text("no en-GB speech pack")
    expect(simulator.page.locator("#listen")).to_be_hidden()


def test_no_button_to_speak(simulator: Simulator) -> None:
    """Where a browser would send her voice to a server, there is no button, and the reason."""
    expect(simulator.page.locator("#listen")).to_be_hidden()
    expect(simulator.page.locator("#listen-note")).to_contain_text("No button to speak")


# --- what stands behind


def test_the_exchange(simulator: Simulator, browser: Browser) -> None:
    """Request, response and SSML of each turn can be read and copied, with their sizes."""
    simulator.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    simulator.say("my calf is cramping").get_by_role("button", name="request and response").click()
    panel = simulator.tab("Exchange")
    for name, word in {
        "SSML": "<speak>",
        "Request": '"IntentRequest"',
        "Response": '"shouldEndSession": false',
    }.items():
        panel.get_by_role("button", name=f"Copy the {name}").click()
        expect(panel.locator(f"[data-copies={name.lower()}]")).to_have_text("Copied")
        assert word in simulator.page.evaluate("navigator.clipboard.readText()")
    expect(panel.locator("#figures")).to_contain_text("of 120,000 bytes")


def test_the_map(simulator: Simulator) -> None:
    """The place where she is is lit, with those that may follow and those that she has passed."""
    simulator.say("my calf is cramping")
    simulator.say("it's gone")
    panel = simulator.tab("Map")
    lit = panel.locator("[aria-current=step]")
    expect(lit).to_have_attribute("data-ask", "breathing")
    expect(panel.locator('[data-ask="let_go"]')).to_contain_class("been next")
    expect(panel.locator('[data-ask="swelling"]')).to_contain_class("next")
    assert panel.locator("path").count() == panel.locator(".place.next:not(.here)").count() > 3


@pytest.mark.parametrize("shape", ["round", "small", "wide"])
def test_a_screen(simulator: Simulator, shape: str) -> None:
    """A device with a screen says so in its requests, and shows what a response has for it."""
    simulator.choose("device", shape)
    expect(simulator.page.locator("#screen-note")).to_have_text("dark")
    simulator.say("no but my chest hurts")
    expect(simulator.page.locator("#request")).to_contain_text("Alexa.Presentation.APL")
    expect(simulator.drawn().get_by_text("Call 911 now")).to_be_visible()
    expect(simulator.page.locator("#screen-note")).to_contain_text("Amazon's renderer")
    expect(simulator.page.locator("#touches")).to_be_hidden()


@pytest.fixture
def without_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which Amazon's renderer is not installed."""
    monkeypatch.setattr(renderer, "ENGINE", Path("nowhere"))


@pytest.mark.parametrize("shape", ["round", "small", "wide"])
@pytest.mark.usefixtures("without_renderer")
def test_a_plain_screen(opened: Open, shape: str) -> None:
    """Without Amazon's renderer the same text and drawing are shown in plain, and it is said."""
    simulator = opened()
    simulator.choose("speech", "once")
    simulator.choose("device", shape)
    simulator.say("my calf is cramping")
    glass = simulator.page.locator("#glass")
    expect(glass.locator("p").first).to_have_text("Heel away. Toes up, not pointed.")
    drawn = len(avg("calf_bed")["items"])
    expect(glass.locator("svg > path")).to_have_count(drawn)
    expect(simulator.page.locator("#screen-note")).to_contain_text("not installed")
    expect(simulator.touch("It's let go")).to_contain_text("Any new trouble breathing")
    assert glass.locator("iframe").count() == 0
    assert simulator.violations() == []


def touched_to_the_end(simulator: Simulator, touch: Callable[[str], Locator]) -> None:
    """A cramp, its touches, and the emergency at their end, on a small screen."""
    simulator.choose("device", "small")
    simulator.say("my calf is cramping")
    again = touch("Again")
    expect(again).to_contain_text("She touches “Again”")
    expect(again.locator(".she .tag")).to_have_text("touched")
    expect(again).to_contain_text("AMAZON.RepeatIntent")
    expect(touch("It still hurts")).to_contain_text("Keep the stretch on")
    simulator.say("no")
    expect(touch("It's let go")).to_contain_text("With a light on")
    expect(simulator.page.locator("#request")).to_contain_text("Alexa.Presentation.APL.UserEvent")
    expect(simulator.page.locator("#request")).to_contain_text('"let_go"')
    expect(touch("Emergency").locator(".foot")).to_contain_text("level 1")
    expect(simulator.page.locator("#touches button")).to_have_count(0)


def test_a_touch_leads_where_speech_leads(simulator: Simulator) -> None:
    """Each button of the screen is answered as what it says, and none is left at an urgent line."""
    touched_to_the_end(simulator, simulator.touch)


def test_a_touch_on_what_amazons_renderer_draws(simulator: Simulator) -> None:
    """The drawn buttons do the same as those beside them."""
    touched_to_the_end(simulator, simulator.touch_drawn)


@pytest.mark.parametrize("end", ["stop", "(silence)"])
def test_nothing_can_be_touched_after_an_end(simulator: Simulator, end: str) -> None:
    """After an end, and without a screen, there is no button."""
    simulator.say("my calf is cramping")
    expect(simulator.page.locator("#touches")).to_be_hidden()
    simulator.choose("device", "small")
    simulator.say("help")
    expect(simulator.page.locator("#touches")).to_be_visible()
    simulator.say(end)
    expect(simulator.page.locator("#touches button")).to_have_count(0)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_screen_by_keyboard(opened: Open, size: tuple[int, int]) -> None:
    """Every button is reached and large enough, and after a touch the focus is on the next ones."""
    simulator = opened(size)
    simulator.choose("speech", "once")
    simulator.choose("device", "round")
    simulator.say("my calf is cramping")
    buttons = simulator.page.locator("#touches button")
    for button in buttons.all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    again = simulator.page.locator("#touches [data-touch=again]")
    again.focus()
    for turns in (2, 3):
        simulator.page.keyboard.press("Enter")
        expect(simulator.page.locator(".turn")).to_have_count(turns)
        expect(again).to_be_focused()
    assert simulator.violations() == []


# --- plays


def test_a_saved_play_is_replayed(simulator: Simulator, tmp_path: Path) -> None:
    """A conversation is saved as a play, and its replay is the same, line by line."""
    for line in RELIEF[:3]:
        simulator.say(line)
    simulator.tab("Plays")
    simulator.page.fill("#play-name", "it goes")
    with simulator.page.expect_download() as saving:
        simulator.page.get_by_role("button", name="Save the play").click()
    assert saving.value.suggested_filename == "it goes.yaml"
    saving.value.save_as(file := tmp_path / "it goes.yaml")
    replay(simulator, file, 3)
    assert simulator.page.locator(".turn .words").all_inner_texts() == list(RELIEF[:3])


def replay(simulator: Simulator, file: Path, lines: int) -> None:
    """Replays the first play of a file; each line is answered as it stands there."""
    simulator.page.set_input_files("#play-file", file)
    expect(simulator.page.locator("#replay-state")).to_have_text(f"{lines} lines.")
    for _ in range(lines):
        simulator.page.locator("#replay-next:enabled").click()
    expect(simulator.page.locator("#replay-state")).to_have_text(
        f"{lines} of {lines} lines, all as in the file."
    )
    expect(simulator.page.locator("#replay-next")).to_be_disabled()


def test_a_saved_touch_is_replayed(simulator: Simulator, tmp_path: Path) -> None:
    """A play with a touch brings its screen along, and the touch is a touch again."""
    simulator.choose("device", "wide")
    simulator.say("my calf is cramping")
    simulator.touch("It's let go")
    simulator.tab("Plays")
    with simulator.page.expect_download() as saving:
        simulator.page.get_by_role("button", name="Save the play").click()
    saving.value.save_as(file := tmp_path / "touched.yaml")
    simulator.choose("device", "")
    replay(simulator, file, 2)
    expect(simulator.page.locator("#device")).to_have_value("wide")
    expect(simulator.page.locator(".turn .words").last).to_have_text("She touches “It's let go”")


def test_a_play_of_the_project(simulator: Simulator) -> None:
    """The plays of tests/conversations can be replayed."""
    simulator.tab("Plays")
    replay(simulator, FOLDER / "relief.yaml", 6)


def test_a_play_that_differs(simulator: Simulator, tmp_path: Path) -> None:
    """Where an answer is not that of the file, the replay says what differs."""
    file = tmp_path / "other.yaml"
    file.write_text("- play: other\n  turns: [{she: help, hears: Hello., place: nowhere}]\n")
    simulator.tab("Plays")
    simulator.page.set_input_files("#play-file", file)
    simulator.page.locator("#replay-next:enabled").click()
    expect(simulator.page.locator(".differs")).to_contain_text("the file has “Hello.”")


def test_no_play(simulator: Simulator, tmp_path: Path) -> None:
    """A file of something else is refused with the reason."""
    file = tmp_path / "other.yaml"
    file.write_text("hello")
    simulator.tab("Plays")
    simulator.page.set_input_files("#play-file", file)
    expect(simulator.page.get_by_role("alert")).to_contain_text("this is no list of plays")


# --- for everybody


def test_by_keyboard_alone(opened: Open) -> None:
    """The keyboard leads to the line first, and through tabs by arrows."""
    simulator = opened()
    keyboard = simulator.page.keyboard
    keyboard.press("Tab")
    expect(simulator.page.get_by_role("link", name="Skip to what you would say")).to_be_focused()
    keyboard.press("Enter")
    expect(simulator.page.locator("#line")).to_be_focused()
    keyboard.type("help")
    keyboard.press("Enter")
    simulator.answered()
    simulator.page.locator("#tab-answers").focus()
    for name in (*TABS[1:], TABS[0]):
        keyboard.press("ArrowRight")
        expect(simulator.page.get_by_role("tab", name=name, selected=True)).to_be_focused()


def test_answers_are_announced(simulator: Simulator) -> None:
    """A screen reader is told the answer, and whether the microphone is open."""
    simulator.say("my calf is cramping")
    said = simulator.page.locator("[aria-live=polite]#said")
    expect(said).to_contain_text("Straighten your leg")
    expect(said).to_contain_text("Microphone open.")


def test_no_motion(opened: Open) -> None:
    """Nothing moves for whoever asks for no motion, also while it speaks."""
    running = "document.getAnimations().filter(it => it.playState === 'running').length"
    for motion, moves in (("no-preference", True), ("reduce", False)):
        simulator = opened(reduced_motion=motion)
        simulator.choose("speech", "silent")
        simulator.say("my calf is cramping")
        simulator.wait_for("speaking")
        assert (simulator.page.evaluate(running) > 0) is moves


@pytest.mark.parametrize("size", [DESKTOP, PHONE, (800, 600), (320, 640)])
def test_nothing_is_cut_off(opened: Open, size: tuple[int, int]) -> None:
    """The page fits its width, in every tab."""
    simulator = opened(size)
    simulator.choose("speech", "once")
    simulator.choose("device", "wide")
    simulator.say("no but my chest hurts").locator("summary").click()
    for name in TABS:
        simulator.tab(name)
        width = simulator.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], name


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_axe_finds_nothing(opened: Open, size: tuple[int, int], tmp_path: Path) -> None:
    """axe-core finds no violation: at first, in every tab, urgent, in trouble, and at the end."""
    simulator = opened(size, reduced_motion="reduce")
    assert simulator.violations() == [], "at first"
    simulator.choose("speech", "once")
    simulator.choose("device", "round")
    simulator.say("um so my calf is sort of cramping").locator("summary").click()
    for name in TABS:
        simulator.tab(name)
        assert simulator.violations() == [], name
    simulator.say("no but my chest hurts")
    simulator.page.set_input_files("#play-file", FOLDER / "relief.yaml")
    simulator.page.locator("#replay-next:enabled").click()
    expect(simulator.page.locator("#replay-state")).to_contain_text("1 of 6 lines")
    simulator.say("/dance")
    expect(simulator.page.get_by_role("alert")).to_be_visible()
    assert simulator.violations() == [], "in trouble, in the middle of a replay"
    simulator.say("stop")
    assert simulator.violations() == [], "at the end"
    simulator.choose("speech", "silent")
    simulator.say("my calf is cramping")
    simulator.wait_for("speaking")
    assert simulator.violations() == [], "while it speaks"
