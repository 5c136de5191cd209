"""The rules that every turn of the walk keeps, each named after what it holds.

A rule says where it applies, and what then holds:

    @rule(on=Said.STOP, at=RELIEF, where=not_checked)
    def stop_names_the_signs(step: Step) -> bool:
        return step.keys == ["stop.checks_open"]

on: the events, or kinds of event, that it is about; all by default. at: the questions that are open
before them; all by default. These cost nothing where they do not apply, so they come first.
where: what else has to be so. late: it is about turns that come late, and about no others; where
lateness changes nothing, all other rules look at the early turn alone. A rule that applies nowhere
in the whole walk fails.

Sources: design.md (rules 1 to 7), conversation.md 3 to 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from skill.coach.events import (
    CantBearWeight,
    Cramp,
    Denial,
    Denied,
    Event,
    HelperSpeaks,
    Question,
    Said,
    SignHeard,
    Stretch,
    Topic,
)
from skill.coach.place import OUTSIDE_RELIEF, Again, Aim, Ask, Check, Part, Stage, Way
from skill.coach.signs import HEARD, Family, Level, Sign
from tests.coach.step import EVENTS, Step


@dataclass(frozen=True, eq=False)
class Rule:
    """What holds in every turn to which it applies."""

    name: str
    """The rule in a few words."""
    holds: Callable[[Step], bool]
    where: Callable[[Step], bool] | None
    on: frozenset[Event]
    at: frozenset[Ask]
    late: bool

    def is_about(self, ask: Ask, event: Event) -> bool:
        """Whether it may apply when this happens while this is asked."""
        return ask in self.at and event in self.on


RULES: list[Rule] = []

Some = Event | type | Iterable[Event | type]
"""An event, a kind of event, or several of them."""


def rule(
    *,
    on: Some = EVENTS,
    at: Ask | Iterable[Ask] = Ask,
    where: Callable[[Step], bool] | None = None,
    late: bool = False,
) -> Callable[[Callable[[Step], bool]], Rule]:
    """Makes a rule of what holds; see the top of this file."""

    events, asks = _events(on), frozenset([at] if isinstance(at, Ask) else at)

    def made(holds: Callable[[Step], bool]) -> Rule:
        RULES.append(Rule(holds.__name__, holds, where, events, asks, late))
        return RULES[-1]

    return made


def _events(some: Some) -> frozenset[Event]:
    wanted = list(some) if isinstance(some, Iterable) and not isinstance(some, type) else [some]
    kinds = tuple(kind for kind in wanted if isinstance(kind, type))
    meant = frozenset(event for event in EVENTS if event in wanted or isinstance(event, kinds))
    if not meant:
        raise ValueError(f"that never happens: {some}")
    return meant


def but(*events: Event | type) -> frozenset[Event]:
    """All events but these."""
    return frozenset(EVENTS) - _events(events)


# --- names for places, answers and lines -------------------------------------------------------

IS_THAT_RIGHT = {Ask.IS_THAT_RIGHT, Ask.IS_THAT_RIGHT_LEG}
URGENT = {*IS_THAT_RIGHT, Ask.CAN_YOU_CALL, Ask.CAN_YOU_CALL_AFTER_YES}
TALKING = set(OUTSIDE_RELIEF)
RELIEF = set(Ask) - TALKING
BREATHING = {
    Ask.BREATHING,
    Ask.BREATHLESS_ONLY,
    Ask.CHEST_ONLY,
    Ask.BREATHING_WORSE,
    Ask.BREATH_FROM_PAIN,
    Ask.HEART_FROM_PAIN,
}
LEG_CHECKS = {Ask.SWELLING, Ask.HEAT_OR_COLOUR, Ask.HEAT_ONLY, Ask.COLOUR_ONLY, Ask.BY_TOUCH}
CHECKS = {
    *BREATHING,
    *LEG_CHECKS,
    Ask.FACE_OR_HANDS,
    Ask.STRONG_OR_LASTING,
    Ask.TEN_MINUTES,
    Ask.NUMB,
    Ask.GOES_ON_MOVING,
    Ask.BACK_BREATHING,
    Ask.COMES_AND_GOES,
}
OKAY = {Said.OKAY, Said.THANKS}

COMFORT = {
    Topic.RUB,
    Topic.MASSAGE,
    Topic.WARMTH,
    Topic.BATH,
    Topic.STANDING,
    Topic.GETTING_UP,
    Topic.EXERCISE,
}
COMFORT_LINES = {"comfort.start", "comfort.offer", "comfort.offer_no_rub"}
COMFORT_ANSWERS = {f"questions.{topic.value}" for topic in COMFORT}

STRETCHED_AT_ONCE = set(Part) - {Part.LEG, Part.THIGH, Part.HIP, Part.GROIN, Part.WHOLE_LEG}
"""All parts but those that are asked about first, or are not stretched before the checks."""

ANSWERS_TO_LET_GO = {
    Said.YES,
    Said.NO,
    Said.EASED,
    Said.STILL_HURTS,
    Said.EASING,
    Said.A_BIT,
    Said.SOFT_NO,
    Said.UNSURE,
    Said.FINE,
    Said.ANOTHER_WAY,
    Said.NEXT,
}
PUTS_RIGHT = {Said.NOT_WHAT_I_SAID}
"""What leads out of every urgent place."""

TAKES_BACK = {Said.NO, Said.MEANT_NO, Said.SOFT_NO, Said.SAME_AS_OTHER, Said.NOT_WHAT_I_SAID}
"""What takes back a bare yes, with any denial (conversation.md 3.8)."""


def given_before(step: Step) -> bool:
    """An urgent line was given in an earlier turn."""
    return step.before.place.given is not None


def goes_on(step: Step) -> bool:
    """The microphone opens."""
    return step.turn.open


def ends(step: Step) -> bool:
    """The session ends."""
    return not step.turn.open


def got_worse(step: Step) -> bool:
    """Stretching has made it worse."""
    return step.before.place.aim is Aim.CALL


def unchecked(step: Step) -> bool:
    """No check was a clear no so far."""
    return step.before.place.checked is Check.NONE


def breathing_checked(step: Step) -> bool:
    """Breathing was a clear no."""
    return step.before.place.checked is not Check.NONE


def no_rubbing(step: Step) -> bool:
    """Rubbing is shut: after a clot, on blood thinners, after a birth."""
    return step.after.status.no_rub or step.after.status.stage is Stage.AFTER_BIRTH


# --- a turn ------------------------------------------------------------------------------------


@rule()
def a_question_comes_last_and_only_when_the_microphone_opens(step: Step) -> bool:
    """design.md rule 2: one question, at the end, exactly when the session stays open."""
    asked = [key for key in step.keys if key.startswith("ask.")]
    return asked == ([step.keys[-1]] if step.turn.open else [])


@rule(where=ends)
def an_ended_session_leaves_nothing_behind(step: Step) -> bool:
    """A turn that ends the session leaves no place but the start."""
    return step.after.place.ask is Ask.NOTHING


@rule()
def status_only_gets_stricter(step: Step) -> bool:
    """conversation.md 2: "breathing was noted" and "no rub" are never taken back."""
    before, after = step.before.status, step.after.status
    return after.breathing_noted >= before.breathing_noted and after.no_rub >= before.no_rub


# --- signs, and after an urgent line -----------------------------------------------------------


@rule(on=SignHeard)
def a_sign_reaches_its_level_in_every_place(step: Step) -> bool:
    """design.md rule 4: a sign leads to its level, or to the worse one that was given."""
    assert isinstance(step.event, SignHeard)
    level = step.event.sign.level_for(breathing_noted=step.before.status.breathing_noted)
    if step.before.place.ask in URGENT:
        level = min(level, step.before.place.given or level)
    return step.turn.level is level and step.after.place.ask is Ask.CAN_YOU_CALL


def _echoed(step: Step) -> set[Sign]:
    return {line.sign for line in (*step.turn.lines, *step.turn.reprompt) if line.sign}


@rule(where=lambda step: bool(_echoed(step)))
def a_sign_is_echoed_in_its_own_turn_only(step: Step) -> bool:
    """conversation.md 2: the echo of a sign lives in the turn in which it was said."""
    return step.turn.level is not None and all(isinstance(sign, Sign) for sign in _echoed(step))


@rule(where=lambda step: step.after.place.ask in URGENT)
def only_a_level_opens_an_urgent_place(step: Step) -> bool:
    """A turn that is at an urgent place has the level of that place."""
    return step.turn.level is step.after.place.given


@rule(at=URGENT, on=but(Said.VIOLENCE, *PUTS_RIGHT), where=ends)
def an_urgent_line_keeps_its_level_to_the_end(step: Step) -> bool:
    """conversation.md 5: the last words after an urgent line are of its level."""
    return step.turn.level is step.before.place.given


def _never_lowered(step: Step) -> bool:
    before, level = step.before.place.given, step.turn.level
    assert before is not None
    return step.after.place.ask in URGENT and level is not None and level <= before


@rule(at={Ask.CAN_YOU_CALL, Ask.CAN_YOU_CALL_AFTER_YES}, on={Said.OKAY, Said.WILL_CALL})
def who_says_that_she_calls_is_not_kept(step: Step) -> bool:
    """conversation.md 3.8: "okay" to "can you call now?" is a yes, and so is "I'm calling"."""
    return step.keys == ["calling.go"] and not step.turn.open


@rule(at=Ask.CAN_YOU_CALL, on=but(*PUTS_RIGHT), where=goes_on)
def an_urgent_line_is_never_lowered(step: Step) -> bool:
    """conversation.md 5: nothing but "that's not what I said" leads out of an urgent place."""
    return _never_lowered(step)


@rule(at=IS_THAT_RIGHT, on=but(Denial, *TAKES_BACK), where=goes_on)
def a_bare_yes_is_never_lowered_but_by_taking_it_back(step: Step) -> bool:
    """conversation.md 3.8: only a no or a denial takes back what a yes led to."""
    return _never_lowered(step)


@rule(
    at=Ask.CAN_YOU_CALL_AFTER_YES,
    on=but(Denial, Said.MEANT_NO, *PUTS_RIGHT),
    where=goes_on,
)
def a_confirmed_yes_is_lowered_by_plainer_words_only(step: Step) -> bool:
    """conversation.md 3.8: "no" to "can you call now?" is about the call, "I meant no" is not."""
    return _never_lowered(step)


@rule(at=URGENT)
def no_relief_after_an_urgent_line(step: Step) -> bool:
    """conversation.md 5: nothing of relief, rub, warmth or walking at an urgent place."""
    shut = ("relief.", "stretch.", "comfort.", "questions.")
    return not any(key.startswith(shut) for key in step.keys)


@rule(at=URGENT, on=PUTS_RIGHT)
def a_mishearing_goes_back_to_all_checks(step: Step) -> bool:
    """conversation.md 5: put right, the checks begin again at breathing."""
    place = step.after.place
    return place.ask is Ask.BREATHING and place.checked is Check.NONE and step.turn.open


def _open_after_a_mishearing(step: Step) -> bool:
    place = step.after.place
    return place.given is not None and place.ask not in URGENT and step.turn.open


@rule(where=_open_after_a_mishearing)
def the_number_stands_in_each_reprompt_after_an_urgent_line(step: Step) -> bool:
    """conversation.md 5: after a mishearing the number is in each reprompt."""
    return "recheck.number" in [line.key for line in step.turn.reprompt]


@rule(where=lambda step: given_before(step) and step.turn.open)
def a_given_level_is_kept_until_the_session_ends(step: Step) -> bool:
    """conversation.md 5: a session in which an urgent line was given never forgets it."""
    return step.after.place.given is not None


@rule(
    on=Said.NO,
    at={Ask.HEAT_OR_COLOUR, Ask.HEAT_ONLY, Ask.COLOUR_ONLY, Ask.BY_TOUCH},
    where=lambda step: given_before(step) and step.after.place.ask is Ask.LET_GO,
)
def after_a_mishearing_the_stretch_is_for_a_cramp_that_is_on(step: Step) -> bool:
    """conversation.md 5: the in-bed stretch and the net; she may have said that it let go."""
    stretch = [key.endswith((".bed", ".helper")) for key in step.keys].index(True)
    return step.keys[stretch - 1] == "recheck.if_it_cramps" and "comfort.net" in step.keys


@rule(on=Said.START_OVER, where=given_before)
def start_over_keeps_the_level(step: Step) -> bool:
    """conversation.md 5: StartOver keeps level."""
    return step.after.place.given is not None and step.turn.open


@rule(at=Ask.LOST, on=but(SignHeard, Said.STOP, Said.VIOLENCE))
def lost_attributes_lead_to_the_breathing_question(step: Step) -> bool:
    """conversation.md 5: attributes that cannot be read: breathing, the number, comfort shut."""
    place = step.after.place
    return place.ask is Ask.BREATHING and place.given is not None and step.keys[0] == "recheck.lost"


# --- comfort -----------------------------------------------------------------------------------


@rule(where=given_before)
def comfort_stays_shut_after_an_urgent_line(step: Step) -> bool:
    """conversation.md 5: rub, warmth, walking and standing are shut for good."""
    return not any(
        key in COMFORT_LINES | COMFORT_ANSWERS
        or key == "relief.getting_up"
        or key.endswith(".standing")
        for key in step.keys
    )


@rule(
    on={Stretch(Way.GETTING_UP), Said.NEEDS_UP, Question(Topic.STANDING), Question(Topic.EXERCISE)},
    at=RELIEF - URGENT - {Ask.LOST, Ask.STOPPED},
    where=given_before,
)
def standing_and_walking_are_refused_after_an_urgent_line(step: Step) -> bool:
    """conversation.md 5 and 6: shut for good, and said so, where "okay" would be a leave."""
    return step.keys[0] == "questions.not_now"


@rule(where=lambda step: not COMFORT_LINES.isdisjoint(step.keys))
def comfort_only_when_it_let_go_and_each_check_was_a_clear_no(step: Step) -> bool:
    """design.md rule 6: comfort is out of reach until it has let go and all is clear."""
    place = step.after.place
    return place.checked is Check.ALL and place.aim is Aim.COMFORT and place.given is None


@rule(at=RELIEF, where=lambda step: not COMFORT_ANSWERS.isdisjoint(step.keys))
def comfort_is_not_answered_before_the_checks(step: Step) -> bool:
    """conversation.md 6: in a relief conversation a question about comfort waits."""
    place = step.before.place
    return place.checked is Check.ALL and place.aim is Aim.COMFORT


@rule(where=no_rubbing)
def no_rub_after_a_clot_or_a_birth(step: Step) -> bool:
    """clinical.md C4: rubbing is not offered after a clot, on blood thinners, after a birth."""
    return "comfort.offer" not in step.keys


@rule(at=RELIEF, where=no_rubbing)
def rubbing_is_not_answered_after_a_clot_or_a_birth(step: Step) -> bool:
    """clinical.md C4: nor is it spoken of as comfort in a relief conversation."""
    return {"questions.rub", "questions.massage"}.isdisjoint(step.keys)


@rule(where=lambda step: "comfort.start" in step.keys)
def the_net_comes_in_the_same_turn_as_comfort(step: Step) -> bool:
    """conversation.md 3.4: comfort never goes without what to watch for."""
    return "comfort.net" in step.keys


# --- the stretch -------------------------------------------------------------------------------


@rule(at=Ask.NOTHING, on=[Cramp(part) for part in STRETCHED_AT_ONCE])
def the_stretch_comes_first_once_the_part_is_known(step: Step) -> bool:
    """design.md rule 6: a part named in a new session is answered with its stretch first."""
    stretch = step.keys[0].startswith("stretch.")
    return stretch and step.keys[1:] == ["relief.watch", "relief.hold", "ask.let_go"]


@rule(at=Ask.NOTHING, on=[Cramp(), HelperSpeaks()])
def cramp_alone_is_asked_about_at_once(step: Step) -> bool:
    """conversation.md 3.1: leg or tummy first, and nothing before it, from a helper too."""
    return step.keys == ["ask.leg_or_tummy"]


@rule(where=lambda step: step.after.manner.part is Part.THIGH_FRONT)
def a_front_thigh_never_hears_the_calf_line(step: Step) -> bool:
    """conversation.md 3.1: the calf line is the wrong way for the front of the thigh."""
    return not any(key.startswith(("stretch.calf", "stretch.leg")) for key in step.keys)


@rule(on=but(Said.START_OVER, Said.LAUNCH), where=got_worse)
def no_stretch_once_it_got_worse(step: Step) -> bool:
    """conversation.md 3.2: worse means no more stretching and no rub in this conversation."""
    return not any(key.startswith(("stretch.", "comfort.offer")) for key in step.keys)


@rule(at={Ask.HEAT_OR_COLOUR, Ask.HEAT_ONLY}, on=Said.NO, where=got_worse)
def worse_ends_in_a_call(step: Step) -> bool:
    """conversation.md 3.2: worse leads through the checks to the maternity line."""
    return step.turn.level is not None


@rule(
    late=True,
    at={Ask.LET_GO, Ask.ONE_MORE},
    on={Said.NO, Said.STILL_HURTS},
    where=breathing_checked,
)
def pain_that_goes_on_late_is_a_call(step: Step) -> bool:
    """conversation.md 2: late matters while pain is on, once breathing was asked."""
    return step.turn.level is not None


@rule(late=True, at=Ask.PAIN_GONE, on=Said.NO, where=breathing_checked)
def strong_pain_that_stays_late_is_a_call(step: Step) -> bool:
    """conversation.md 2: and so it does when strong pain stays after comfort."""
    return step.turn.level is not None


@rule(
    at=Ask.TEN_MINUTES,
    on={Said.NO, Said.JUST_BEGAN, Denial(frozenset({Denied.SWELLING}))},
    where=lambda step: step.before.place.aim is Aim.SORE,
)
def what_was_there_a_while_and_never_grabbed_is_not_stretched(step: Step) -> bool:
    """conversation.md 3.6: leg still, checks first, whatever the ten minutes say."""
    return not any(key.startswith("stretch.") for key in step.keys)


@rule(at=Ask.GETTING_EASIER, on=Said.EASING)
def getting_easier_is_closed_with_the_net(step: Step) -> bool:
    """conversation.md 3.6: "is it getting easier?" is a yes in its own words too."""
    return step.keys == ["close.sore", "close.disclaimer"]


@rule(at=Ask.GRAB, on={Said.NO, Said.CAME_ON_SLOWLY})
def what_did_not_grab_is_kept_still_and_checked(step: Step) -> bool:
    """conversation.md 3.1: no sudden grab, however it is said: no stretch, checks first."""
    if step.turn.level is not None:
        return True
    return step.keys[0] == "relief.leg_still" and step.after.place.ask is Ask.BREATHING


# --- the checks --------------------------------------------------------------------------------


@rule(at=Ask.LET_GO, on=ANSWERS_TO_LET_GO, where=unchecked)
def breathing_comes_next_whatever_she_answers_first(step: Step) -> bool:
    """conversation.md 3.2: after the first "has it let go?" the breathing question is next."""
    return step.after.place.ask is Ask.BREATHING


@rule(where=lambda step: step.after.place.ask in LEG_CHECKS)
def breathing_is_asked_before_the_leg(step: Step) -> bool:
    """conversation.md 3.3: no question about the leg before breathing was a clear no."""
    return step.after.place.checked >= Check.BREATHING


def _a_check_is_passed(step: Step) -> bool:
    return step.after.place.checked > step.before.place.checked and step.turn.open


CLEAR_NOES = {Said.NO, Said.MEANT_NO}
SOFT = (Again.SOFT_NO, Again.SOFT_AND_NOISE)
"""She said once before that she doesn't think so."""

SOFT_NOES = {Said.SOFT_NO, Said.FINE, Said.AS_USUAL}
BOTH_LEGS = {Said.BOTH, Said.BOTH_SWOLLEN, Cramp(Part.BOTH_LEGS)}


@rule(where=_a_check_is_passed)
def a_check_is_passed_by_a_clear_no_alone(step: Step) -> bool:
    """design.md rule 5, conversation.md 3.3: unclear is never no."""
    before, after, event = step.before.place, step.after.place, step.event
    if event in CLEAR_NOES or (isinstance(event, Denial) and not event.soft):
        return True
    if before.ask is Ask.BREATHLESS_ONLY:  # no worse than usual, after the chest was denied
        return event in (Said.AS_USUAL, Said.NORMAL) and step.before.status.breathing_noted
    if event in (Said.NORMAL, Said.SAME_AS_OTHER):
        return before.ask in LEG_CHECKS
    if event in BOTH_LEGS and before.ask is not Ask.SWELLING:
        return before.ask in LEG_CHECKS and before.again in SOFT
    if event in SOFT_NOES or isinstance(event, Denial):
        return before.ask in LEG_CHECKS and before.again in SOFT
    if event in (Said.CANT_SEE,):  # by touch: breathing was clear before the leg was asked about
        return after.ask is Ask.BY_TOUCH
    return event in BOTH_LEGS and after.ask is Ask.FACE_OR_HANDS


OFTEN = (Again.OKAY_TWICE, Again.NOISE_AND_OKAY, Again.SOFT_AND_NOISE)


@rule(at=CHECKS, on=OKAY, where=lambda step: step.before.place.again not in OFTEN)
def an_acknowledgement_clears_no_check_and_fires_none(step: Step) -> bool:
    """conversation.md 3.8: "okay" is no yes and no no; the question once more."""
    same = step.after.place.ask is step.before.place.ask
    return same and step.turn.level is None and "anywhere.not_understood" not in step.keys


@rule(at=CHECKS, on=OKAY, where=lambda step: step.before.place.again is Again.OKAY_TWICE)
def a_third_acknowledgement_is_not_understood(step: Step) -> bool:
    """conversation.md 3.8: and it is asked once more, with the number."""
    return step.after.place.again is Again.NOT_UNDERSTOOD and step.turn.level is None


@rule(at=CHECKS, on=Said.YES, where=lambda step: step.turn.level is not None)
def a_bare_yes_to_a_check_is_asked_about(step: Step) -> bool:
    """conversation.md 3.8: where Alexa hears a yes in "okay", "Is that right?" follows."""
    return step.after.place.ask in IS_THAT_RIGHT or step.before.place.ask is Ask.GOES_ON_MOVING


@rule(at=IS_THAT_RIGHT, on=[Denial, *TAKES_BACK])
def a_bare_yes_taken_back_reaches_the_checks(step: Step) -> bool:
    """conversation.md 3.8: a no to "Is that right?" leads to all checks again."""
    place = step.after.place
    return place.ask is Ask.BREATHING and place.checked is Check.NONE and step.turn.open


@rule(
    at=IS_THAT_RIGHT,
    on=but(SignHeard, Denial, Said.STOP, Said.VIOLENCE, Said.YES, *OKAY, *TAKES_BACK),
)
def anything_else_gives_the_number_and_asks_again(step: Step) -> bool:
    """conversation.md 3.8: repeat, help, noise at "Is that right?" give the number."""
    return step.after.place == step.before.place and step.keys[0] == "calling.number"


@rule(on=Said.VIOLENCE)
def violence_ends_the_session_with_one_line(step: Step) -> bool:
    """conversation.md 4: no echo, question, reprompt, card or screen, at any place."""
    return step.keys == ["violence.at_any_time"] and not step.turn.open and not step.turn.level


@rule(
    on=[SignHeard(sign) for sign in Sign if sign.family is Family.LEG and sign in HEARD],
    where=lambda step: step.turn.level is Level.CALL_NOW,
)
def a_leg_sign_is_given_its_reason_at_once(step: Step) -> bool:
    """conversation.md 5.1: the first level-2 line of a leg sign says that it can be a clot."""
    return step.keys[0] == "urgent.call_now.leg"


@rule(
    on=but(SignHeard, Said.VIOLENCE),
    at=URGENT,
    where=lambda step: (
        step.before.place.given is Level.EMERGENCY and step.after.place.ask in URGENT
    ),
)
def after_level_one_the_number_stands_in_every_turn(step: Step) -> bool:
    """conversation.md 5: whatever she says then, the number is in the turn."""
    return step.keys[0].startswith("calling.")


@rule(
    at={Ask.LET_GO, Ask.ONE_MORE, Ask.PAIN_GONE},
    on=Said.NOT_UNDERSTOOD,
    where=lambda step: step.before.place.checked is Check.ALL,
)
def noise_does_not_lock_once_all_is_clear(step: Step) -> bool:
    """conversation.md 3.3: after clear checks two misunderstandings bring the net, no level."""
    return step.turn.level is None


@rule(at=CHECKS, on=[Said.OTHER_LEG, Cramp(), Cramp(Part.CALF), Stretch(Way.STANDING, Part.CALF)])
def a_cramp_named_at_a_check_waits_for_its_answer(step: Step) -> bool:
    """conversation.md 3.3: "Let me ask this first." and the check; never a stretch."""
    return not any(key.startswith("stretch.") for key in step.keys)


@rule(at=Ask.STOPPED, on=but(SignHeard, Said.VIOLENCE, Said.YES, Said.NEXT, *OKAY))
def no_leg_is_stretched_at_the_wheel(step: Step) -> bool:
    """conversation.md 3.7: no leg instruction before she has stopped."""
    return not any(key.startswith(("stretch.", "relief.launch")) for key in step.keys)


@rule(
    on=Said.BACK_AGAIN,
    at={Ask.LET_GO, Ask.PAIN_GONE, *LEG_CHECKS},
    where=lambda step: not given_before(step) and step.before.place.aim not in (Aim.CALL, Aim.SORE),
)
def a_cramp_that_comes_back_gets_round_one(step: Step) -> bool:
    """conversation.md 3.2: in time, what was clear stays clear; comfort waits for "it let go"."""
    return step.keys[0].startswith("stretch.") and step.after.place.ask is Ask.LET_GO


@rule(on=Said.HARD_LUMP, at=set(Ask) - URGENT - {Ask.LOST, Ask.STOPPED})
def a_hard_lump_is_a_call_unless_the_cramp_is_on(step: Step) -> bool:
    """clinical.md G12, A1: a knot while it cramps; a vein, for all that anybody can tell, else."""
    place = step.before.place
    if place.aim is Aim.STRETCH and place.given is None:
        return step.after.place.ask is not Ask.PAIN_GONE
    return step.turn.level is not None


@rule(at={Ask.SWELLING, Ask.HEAT_OR_COLOUR}, on=CantBearWeight)
def no_weight_on_the_leg_at_a_leg_check_is_a_call(step: Step) -> bool:
    """conversation.md 3.3: cramp on or not."""
    return step.turn.level is not None


@rule(at=[*BREATHING, *LEG_CHECKS], on=Said.TOLD_FINE)
def told_otherwise_is_never_a_no(step: Step) -> bool:
    """conversation.md 3.3: what a doctor said before clears no check tonight."""
    return step.after.place.checked <= step.before.place.checked and step.turn.open


@rule(at=BREATHING, on={Said.YES, Said.UNSURE})
def an_uncertain_yes_to_breathing_is_an_emergency(step: Step) -> bool:
    """conversation.md 3.3: yes and "not sure" to a breathing question are level 1."""
    return step.turn.level is Level.EMERGENCY


@rule(at={*LEG_CHECKS, Ask.STRONG_OR_LASTING, Ask.TEN_MINUTES}, on={Said.YES, Said.A_BIT})
def a_yes_to_a_leg_question_is_a_call(step: Step) -> bool:
    """conversation.md 3.3: yes or "a bit" is level 2, level 1 once breathing was noted."""
    noted = step.before.status.breathing_noted
    return step.turn.level is (Level.EMERGENCY if noted else Level.CALL_NOW)


# --- finding the way ---------------------------------------------------------------------------


@rule(on=Said.STOP)
def stop_ends_at_once_with_one_line(step: Step) -> bool:
    """conversation.md 6: stop ends in every place, with one line and no question."""
    return not step.turn.open and len(step.keys) == 1


@rule(on=Said.STOP, at=RELIEF - URGENT)
def stop_with_open_checks_names_the_signs(step: Step) -> bool:
    """conversation.md 6: stop says what to watch for while checks are open."""
    checked = step.before.place.checked is Check.ALL
    return step.keys == ["stop.checked" if checked else "stop.checks_open"]


@rule(on=Said.HELP)
def help_keeps_the_session_open(step: Step) -> bool:
    """alexa.md 2: help instructs, asks, and keeps the session."""
    return step.turn.open


@rule(on=Said.HELP, at=RELIEF - URGENT - {Ask.LOST, Ask.STOPPED})
def help_keeps_the_place_and_says_what_is_urgent_first(step: Step) -> bool:
    """alexa.md 2: in a relief conversation help keeps the place."""
    return step.after.place == step.before.place and step.keys[0] == "help.urgent_first"


@rule(on=Said.REPEAT, at=set(Ask) - {Ask.NOTHING, Ask.LOST})
def repeat_stays_where_she_is(step: Step) -> bool:
    """conversation.md 6: repeat says the place's line again, without a hold already heard."""
    place = step.before.place
    stays = step.after.place == place or place.ask in URGENT
    return step.turn.open and stays and "relief.hold" not in step.keys


NOISE = (Again.NOT_UNDERSTOOD, Again.NOISE_AND_OKAY, Again.SOFT_AND_NOISE)
"""The question was not understood before."""


@rule(on=Said.NOT_UNDERSTOOD, where=lambda step: step.before.place.ask is not Ask.PAIN_GONE)
def not_understood_is_never_silence(step: Step) -> bool:
    """design.md rule 5: what is not understood is asked once more, with the number."""
    return step.turn.open


@rule(
    on=Said.NOT_UNDERSTOOD,
    where=lambda step: step.before.place.again in NOISE,
)
def not_understood_twice_says_whom_to_call(step: Step) -> bool:
    """conversation.md 3.3: two misunderstandings in a row offer whom to call, or the net.

    At "has the strong pain gone?" the close has the net, without the "good" that noise is not.
    """
    net = {"anywhere.whom_to_call", "comfort.net", "close.net", "close.sore"}
    return step.turn.level is not None or not net.isdisjoint(step.keys)


@rule(
    on=Said.NOT_UNDERSTOOD,
    at={Ask.WHICH_PART, Ask.WHICH_THIGH},
    where=lambda step: step.before.place.again in NOISE and not given_before(step),
)
def whom_to_call_is_said_once_and_before_the_stretch(step: Step) -> bool:
    """conversation.md 3.3: the net is not heard twice, nor in the middle of the stretch."""
    net, stretch, *rest = step.keys
    said = net == "anywhere.whom_to_call" and stretch.startswith("stretch.")
    return said and rest == ["relief.hold", "ask.let_go"]


@rule(on=Question, at=RELIEF)
def questions_go_on_where_the_conversation_was(step: Step) -> bool:
    """conversation.md 6: a question in a relief conversation keeps its aim and asks again."""
    return step.turn.open and step.after.place.aim is step.before.place.aim
