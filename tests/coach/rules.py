"""The rules that every turn of the walk keeps, each named after what it holds.

A rule takes a step and says whether it is kept. Sources: design.md (rules 1 to 7),
conversation.md 3 to 6.
"""

from __future__ import annotations

from collections.abc import Callable

from skill.coach.events import COMFORT, Cramp, Denial, Question, Said, SignHeard
from skill.coach.place import OUTSIDE_RELIEF, Again, Aim, Ask, Check, Part, Stage
from skill.coach.relief import CHECKS_FIRST
from skill.coach.signs import Level, Sign
from skill.coach.tables.checks import BREATHING
from tests.coach.walk import Step

RULES: list[Callable[[Step], bool]] = []

URGENT = {Ask.URGENT, Ask.CAN_YOU_CALL}
TALKING = set(OUTSIDE_RELIEF)
LEG_CHECKS = {Ask.SWELLING, Ask.HEAT_OR_COLOUR, Ask.HEAT_ONLY, Ask.COLOUR_ONLY}
COMFORT_LINES = {"comfort.rub", "comfort.no_rub", "comfort.then"}
COMFORT_ANSWERS = {f"questions.{topic.value}" for topic in COMFORT}
ANSWERS_TO_LET_GO = {
    Said.YES,
    Said.NO,
    Said.EASED,
    Said.STILL_HURTS,
    Said.A_BIT,
    Said.SOFT_NO,
    Said.UNSURE,
    Said.FINE,
    Said.ANOTHER_WAY,
    Said.NEXT,
}
PUTS_RIGHT = {Said.NOT_WHAT_I_SAID}


def rule(check: Callable[[Step], bool]) -> Callable[[Step], bool]:
    RULES.append(check)
    return check


@rule
def a_question_comes_last_and_only_when_the_microphone_opens(step: Step) -> bool:
    """design.md rule 2: one question, at the end, exactly when the session stays open."""
    asked = [key for key in step.keys if key.startswith("ask.")]
    return asked == ([step.keys[-1]] if step.turn.open else [])


@rule
def an_ended_session_leaves_nothing_behind(step: Step) -> bool:
    """A turn that ends the session leaves no place but the start."""
    return step.turn.open or step.after.place.ask is Ask.NOTHING


@rule
def a_sign_reaches_its_level_in_every_place(step: Step) -> bool:
    """design.md rule 4: a sign leads to its level, or to the worse one that was given."""
    if not isinstance(step.event, SignHeard):
        return True
    level = step.event.sign.level_for(breathing_noted=step.before.status.breathing_noted)
    if step.before.place.ask in URGENT:
        level = min(level, step.before.place.given)
    return step.turn.level is level and step.after.place.ask is Ask.URGENT


@rule
def only_a_level_opens_an_urgent_place(step: Step) -> bool:
    """A turn that is at an urgent place has the level of that place."""
    if step.after.place.ask not in URGENT:
        return True
    return step.turn.level is step.after.place.given


@rule
def an_urgent_line_is_never_lowered(step: Step) -> bool:
    """conversation.md 5: nothing but "that's not what I said" leads out of an urgent place."""
    if step.before.place.ask not in URGENT or step.event in PUTS_RIGHT:
        return True
    before = step.before.place.given
    if not step.turn.open:
        return step.turn.level is before
    return step.after.place.ask in URGENT and step.turn.level <= before


@rule
def no_relief_after_an_urgent_line(step: Step) -> bool:
    """conversation.md 5: nothing of relief, rub, warmth or walking at an urgent place."""
    if step.before.place.ask not in URGENT:
        return True
    shut = ("relief.", "stretch.", "comfort.", "questions.")
    return not any(key.startswith(shut) for key in step.keys)


@rule
def a_mishearing_goes_back_to_all_checks(step: Step) -> bool:
    """conversation.md 5: put right, the checks begin again at breathing."""
    if step.before.place.ask not in URGENT or step.event not in PUTS_RIGHT:
        return True
    place = step.after.place
    return place.ask is Ask.BREATHING and place.checked is Check.NONE and step.turn.open


@rule
def the_number_stands_in_each_reprompt_after_an_urgent_line(step: Step) -> bool:
    """conversation.md 5: after a mishearing the number is in each reprompt."""
    place = step.after.place
    if place.given is None or place.ask in URGENT or not step.turn.open:
        return True
    return "recheck.number" in [line.key for line in step.turn.reprompt]


@rule
def a_given_level_is_kept_until_the_session_ends(step: Step) -> bool:
    """conversation.md 5: a session in which an urgent line was given never forgets it."""
    if step.before.place.given is None or not step.turn.open:
        return True
    return step.after.place.given is not None


@rule
def comfort_stays_shut_after_an_urgent_line(step: Step) -> bool:
    """conversation.md 5: rub, warmth, walking and standing are shut for good."""
    if step.before.place.given is None:
        return True
    return not any(
        key in COMFORT_LINES | COMFORT_ANSWERS
        or key == "relief.getting_up"
        or key.endswith(".standing")
        for key in step.keys
    )


@rule
def comfort_only_when_it_let_go_and_each_check_was_a_clear_no(step: Step) -> bool:
    """design.md rule 6: comfort is out of reach until it has let go and all is clear."""
    place = step.after.place
    if not COMFORT_LINES & set(step.keys):
        return True
    return place.checked is Check.ALL and place.aim is Aim.COMFORT and place.given is None


@rule
def comfort_is_not_answered_before_the_checks(step: Step) -> bool:
    """conversation.md 6: in a relief conversation a question about comfort waits."""
    place = step.before.place
    if not COMFORT_ANSWERS & set(step.keys) or place.ask in TALKING:
        return True
    return place.checked is Check.ALL and place.aim is Aim.COMFORT


@rule
def no_rub_after_a_clot_or_a_birth(step: Step) -> bool:
    """clinical.md C4: rubbing is dropped after a clot, on blood thinners, after a birth."""
    status = step.after.status
    if not (status.no_rub or status.stage is Stage.AFTER_BIRTH):
        return True
    if step.before.place.ask in TALKING:
        return "comfort.rub" not in step.keys
    return not {"comfort.rub", "questions.rub", "questions.massage"} & set(step.keys)


@rule
def the_net_comes_in_the_same_turn_as_comfort(step: Step) -> bool:
    """conversation.md 3.4: comfort never goes without what to watch for."""
    return "comfort.then" not in step.keys or "comfort.net" in step.keys


@rule
def the_stretch_comes_first_once_the_part_is_known(step: Step) -> bool:
    """design.md rule 6: a part named in a new session is answered with its stretch first."""
    event = step.event
    if step.before.place.ask is not Ask.NOTHING or not isinstance(event, Cramp):
        return True
    if event.part in (None, Part.LEG, Part.THIGH) or event.part in CHECKS_FIRST:
        return True
    stretch = step.keys[0].startswith("stretch.")
    return stretch and step.keys[1:] == ["relief.watch", "relief.hold", "ask.let_go"]


@rule
def a_front_thigh_never_hears_the_calf_line(step: Step) -> bool:
    """conversation.md 3.1: the calf line is the wrong way for the front of the thigh."""
    if step.after.manner.part is not Part.THIGH_FRONT:
        return True
    return not any(key.startswith(("stretch.calf", "stretch.leg")) for key in step.keys)


@rule
def breathing_comes_next_whatever_she_answers_first(step: Step) -> bool:
    """conversation.md 3.2: after the first "has it let go?" the breathing question is next."""
    place = step.before.place
    if place.ask is not Ask.LET_GO or place.checked is not Check.NONE:
        return True
    return step.event not in ANSWERS_TO_LET_GO or step.after.place.ask is Ask.BREATHING


@rule
def breathing_is_asked_before_the_leg(step: Step) -> bool:
    """conversation.md 3.3: no question about the leg before breathing was a clear no."""
    return step.after.place.ask not in LEG_CHECKS or step.after.place.checked >= Check.BREATHING


@rule
def a_check_is_passed_by_a_clear_no_alone(step: Step) -> bool:
    """design.md rule 5: unclear is never no."""
    before, after = step.before.place, step.after.place
    if not step.turn.open or after.checked <= before.checked:
        return True
    if step.event is Said.NO or (isinstance(step.event, Denial) and not step.event.soft):
        return True
    if step.event is Said.AS_USUAL:  # no worse than usual, after the chest was denied
        return before.ask is Ask.BREATHLESS_ONLY and step.before.status.breathing_noted
    if step.event in (Said.SOFT_NO, Said.FINE) or isinstance(step.event, Denial):
        return before.ask in LEG_CHECKS and before.again is Again.SOFT_NO
    both = step.event in (Said.BOTH, Said.BOTH_SWOLLEN)
    return both and before.ask is Ask.SWELLING and after.ask is Ask.FACE_OR_HANDS


@rule
def an_uncertain_yes_to_breathing_is_an_emergency(step: Step) -> bool:
    """conversation.md 3.3: yes and "not sure" to a breathing question are level 1."""
    if step.before.place.ask not in BREATHING or step.event not in (Said.YES, Said.UNSURE):
        return True
    return step.turn.level is Level.EMERGENCY


@rule
def a_yes_to_a_leg_question_is_a_call(step: Step) -> bool:
    """conversation.md 3.3: yes or "a bit" is level 2, level 1 once breathing was noted."""
    asks = {*LEG_CHECKS, Ask.STRONG_OR_LASTING, Ask.TEN_MINUTES}
    if step.before.place.ask not in asks or step.event not in (Said.YES, Said.A_BIT):
        return True
    noted = step.before.status.breathing_noted
    return step.turn.level is (Level.EMERGENCY if noted else Level.CALL_NOW)


@rule
def pain_that_goes_on_late_is_a_call(step: Step) -> bool:
    """conversation.md 2: late matters while pain is on, once breathing was asked."""
    place = step.before.place
    if not step.late or place.checked is Check.NONE:
        return True
    if place.ask in (Ask.LET_GO, Ask.ONE_MORE) and step.event in (Said.NO, Said.STILL_HURTS):
        return step.turn.level is not None
    if place.ask is Ask.STRONG_PAIN and step.event is Said.YES:
        return step.turn.level is not None
    return True


@rule
def no_stretch_once_it_got_worse(step: Step) -> bool:
    """conversation.md 3.2: worse means no more stretching and no rub in this conversation."""
    if step.before.place.aim is not Aim.CALL or step.event is Said.START_OVER:
        return True
    if step.event is Said.LAUNCH:
        return True
    return not any(key.startswith(("stretch.", "comfort.rub")) for key in step.keys)


@rule
def worse_ends_in_a_call(step: Step) -> bool:
    """conversation.md 3.2: worse leads through the checks to the maternity line."""
    place = step.before.place
    if place.aim is not Aim.CALL or place.ask not in (Ask.HEAT_OR_COLOUR, Ask.HEAT_ONLY):
        return True
    return step.event is not Said.NO or step.turn.level is not None


@rule
def stop_ends_at_once_with_one_line(step: Step) -> bool:
    """conversation.md 6: stop ends in every place, with one line and no question."""
    return step.event is not Said.STOP or (not step.turn.open and len(step.keys) == 1)


@rule
def stop_with_open_checks_names_the_signs(step: Step) -> bool:
    """conversation.md 6: stop says what to watch for while checks are open."""
    place = step.before.place
    if step.event is not Said.STOP or place.ask in TALKING or place.ask in URGENT:
        return True
    return step.keys == ["stop.checked" if place.checked is Check.ALL else "stop.checks_open"]


@rule
def help_keeps_the_session_open(step: Step) -> bool:
    """alexa.md 2: help instructs, asks, and keeps the session and the place."""
    if step.event is not Said.HELP:
        return True
    place = step.before.place
    if place.ask in TALKING or place.ask in URGENT or place.ask is Ask.LOST:
        return step.turn.open
    return step.after.place == place and step.keys[0] == "help.urgent_first"


@rule
def repeat_stays_where_she_is(step: Step) -> bool:
    """conversation.md 6: repeat says the place's line again, without a hold already heard."""
    place = step.before.place
    if step.event is not Said.REPEAT or place.ask in (Ask.NOTHING, Ask.LOST):
        return True
    stays = step.after.place == place or place.ask in URGENT
    return step.turn.open and stays and "relief.hold" not in step.keys


@rule
def not_understood_twice_says_whom_to_call(step: Step) -> bool:
    """conversation.md 3.3: two misunderstandings in a row offer whom to call."""
    twice = step.before.place.again is Again.NOT_UNDERSTOOD
    if step.event is not Said.NOT_UNDERSTOOD or not twice:
        return True
    return step.turn.level is not None or "anywhere.whom_to_call" in step.keys


@rule
def not_understood_is_never_silence(step: Step) -> bool:
    """design.md rule 5: what is not understood is asked once more, with the number."""
    if step.event is not Said.NOT_UNDERSTOOD:
        return True
    return step.turn.open


@rule
def start_over_keeps_the_level(step: Step) -> bool:
    """conversation.md 5: StartOver keeps level."""
    if step.event is not Said.START_OVER or step.before.place.given is None:
        return True
    return step.after.place.given is not None and step.turn.open


@rule
def lost_attributes_lead_to_the_breathing_question(step: Step) -> bool:
    """conversation.md 5: attributes that cannot be read: breathing, the number, comfort shut."""
    if step.before.place.ask is not Ask.LOST or isinstance(step.event, SignHeard):
        return True
    if step.event is Said.STOP:
        return not step.turn.open
    place = step.after.place
    return place.ask is Ask.BREATHING and place.given is not None and step.keys[0] == "recheck.lost"


@rule
def questions_go_on_where_the_conversation_was(step: Step) -> bool:
    """conversation.md 6: a question in a relief conversation keeps its aim and asks again."""
    if not isinstance(step.event, Question) or step.before.place.ask in TALKING:
        return True
    return step.turn.open and step.after.place.aim is step.before.place.aim


@rule
def a_sign_is_echoed_in_its_own_turn_only(step: Step) -> bool:
    """conversation.md 2: the echo of a sign lives in the turn in which it was said."""
    echoed = {line.sign for line in (*step.turn.lines, *step.turn.reprompt) if line.sign}
    if not echoed:
        return True
    return step.turn.level is not None and all(isinstance(sign, Sign) for sign in echoed)


@rule
def status_only_gets_stricter(step: Step) -> bool:
    """conversation.md 2: "breathing was noted" and "no rub" are never taken back."""
    before, after = step.before.status, step.after.status
    return after.breathing_noted >= before.breathing_noted and after.no_rub >= before.no_rub
