"""Refusals of the operations in the reader's language. Operations speak English; the desk says what it knows in others.

What is not known here is shown as the operation said it, never hidden.
"""

from __future__ import annotations

import re

from django.utils.translation import get_language, gettext, gettext_noop

from claims.conditions import Unmet
from claims.errors import FactcheckError
from claims.workflow import MOVES, Permission, Status

KNOWN = (
    gettext_noop("Give the address of a feed or page."),
    gettext_noop("Choose what is followed."),
    gettext_noop("Between 15 minutes and a week."),
    gettext_noop("Use a language code such as de or en."),
    gettext_noop("Choose how far it is heard."),
    gettext_noop("This address is followed already."),
    gettext_noop("This source is not being visited."),
    gettext_noop("This source is not followed any more."),
    gettext_noop("This item waits to be read already."),
    gettext_noop("This was taken back already."),
    gettext_noop("This address does not lead to a page of the public web, so it is not fetched."),
    gettext_noop("This was added to the claim already."),
    gettext_noop("The file is empty."),
    gettext_noop("The file is not there any more. Add it again."),
    gettext_noop("Give a PDF, a text or an HTML page."),
    gettext_noop("The page is empty."),
    gettext_noop("The page holds no text."),
    gettext_noop("The newsroom's settings say that the Wayback Machine is not asked."),
    gettext_noop("A file of the newsroom's own is told to nobody."),
    gettext_noop("A protected source is told to nobody."),
    gettext_noop("Nobody has asked to save one."),
    gettext_noop("The newsroom's settings say that no pages are saved."),
    gettext_noop("The archive is saving this page already."),
    gettext_noop("The cited passages do not stand in this copy."),
    gettext_noop("This account reaches beyond your newsroom: its owner changes the password."),
    gettext_noop("You stepped back from this claim. An editor can let you back."),
    gettext_noop("You stepped back from this claim already."),
    gettext_noop("One can step back only until the verdict is approved."),
    gettext_noop("The proposed verdict rests on your work. Have it sent back, then step back."),
    gettext_noop("Somebody else has to let you back."),
    gettext_noop("Choose somebody of this newsroom."),
    gettext_noop("This interest is declared already."),
    gettext_noop("You may declare your own interests only."),
    gettext_noop("The policy asks for the desk lead's approval."),
    gettext_noop("An answer is awaited. Log it when it comes, or wait for the deadline."),
    gettext_noop("Nobody was asked for a reply. Log whom you asked, or say why nobody is."),
    gettext_noop("Say whom you asked."),
    gettext_noop("Choose through what you asked."),
    gettext_noop("Log it when it has been asked."),
    gettext_noop("The deadline is after the question."),
    gettext_noop("This was asked in an earlier cycle."),
    gettext_noop("Nobody was asked here. Log whom you asked first."),
    gettext_noop("This answer is logged already. Log another question for a second one."),
    gettext_noop("Say what was answered."),
    gettext_noop("An answer comes after the question, and not in the future."),
    gettext_noop("Say why nobody is asked."),
    gettext_noop("This is not on the checklist of this newsroom."),
    gettext_noop("There is a policy for this severity already."),
    gettext_noop("Not more agreeing reviews than reviews, and at least one review."),
    gettext_noop("Choose a rating of this newsroom's scale."),
    gettext_noop("Choose agrees, disagrees, mixed or related."),
    gettext_noop("Choose a severity."),
    gettext_noop("Give both days of the absence, the first one first."),
    gettext_noop("Choose the kind of chat."),
    gettext_noop("Choose what the chat is told."),
    gettext_noop("Give the chat a name."),
    gettext_noop("Choose a language."),
    gettext_noop("This chat is disabled: enable it first."),
    gettext_noop("This was undone already."),
    gettext_noop("This person does not work in this newsroom any more."),
    gettext_noop("Nobody who is there, has room and knows language and topic may take it."),
    gettext_noop("Whoever holds this claim is there."),
    gettext_noop("You are not a member of this newsroom any more."),
    gettext_noop("Delete a view first: you have as many as can be shown."),
    gettext_noop("Give the view a name of at most 60 characters."),
    gettext_noop("Only the person who saved a view changes it."),
    gettext_noop("You have a view of this name already."),
    gettext_noop("Choose the type of correction."),
    gettext_noop("This deadline is years away."),
    gettext_noop("Control characters are not allowed here."),
    gettext_noop("Give a full address that begins with http:// or https://."),
    gettext_noop("Give a reason."),
    gettext_noop("Give the corrected text."),
    gettext_noop("Give the reason readers are told."),
    gettext_noop("Give the reasons for the verdict."),
    gettext_noop("Give the reasons for your rating."),
    gettext_noop("Give the verdict a headline."),
    gettext_noop("HTML was sent, but no article text was found in it."),
    gettext_noop("Only a reading that failed can be tried again."),
    gettext_noop("Say what readers are told."),
    gettext_noop("Say why the verdict stands."),
    gettext_noop("Say why this source is protected."),
    gettext_noop("Say why this passage does not change the verdict."),
    gettext_noop("Say why you step back."),
    gettext_noop("The other claim belongs to another newsroom."),
    gettext_noop("The passage does not stand in the document."),
    gettext_noop("The passage is empty."),
    gettext_noop("The text is empty."),
    gettext_noop("Only a live publication can be corrected."),
    gettext_noop("You may not review in this newsroom."),
    gettext_noop("It cannot be given to another newsroom."),
    gettext_noop("Only passages of live publications are watched."),
    gettext_noop("Only what was given up can be tried again."),
    gettext_noop("Point at the claim that is really checked."),
    gettext_noop("This model is not in use."),
    gettext_noop("Somebody else has to change your roles."),
    gettext_noop("Somebody else has to end your membership."),
    gettext_noop("This account is closed."),
    gettext_noop("This assessment belongs to an earlier cycle."),
    gettext_noop("This lookup belongs to an earlier cycle."),
    gettext_noop("This newsroom asks no sources. Choose some in its settings."),
    gettext_noop("Only who said it can take it back."),
    gettext_noop("This is done already."),
    gettext_noop("This is not done yet."),
    gettext_noop("This person does not work in this newsroom."),
    gettext_noop("Say something."),
    gettext_noop("Choose a time that is still to come."),
    gettext_noop("Choose a time within a year."),
    gettext_noop("No time is set."),
    gettext_noop("The claim was moved on after the time was set."),
    gettext_noop("Another verdict was approved after the time was set."),
    gettext_noop("Only an approved verdict that is not public yet can be given a time."),
    gettext_noop("There is an embargo: it cannot be published before its time."),
    gettext_noop("The complainant was told already."),
    gettext_noop("This complaint is yours already."),
    gettext_noop("Take the complaint before you answer it."),
    gettext_noop("Choose upheld, partly upheld or rejected."),
    gettext_noop("Give the reasons the complainant is told."),
    gettext_noop("This correction belongs to another check."),
    gettext_noop("Correct or withdraw the check first, then name the correction here."),
    gettext_noop("This complaint is open."),
    gettext_noop("This complaint was answered already."),
    gettext_noop("Say what is wrong."),
    gettext_noop("A complaint cannot come in later than now."),
    gettext_noop("Choose a second document or name the origin."),
    gettext_noop("Choose an origin that has a name."),
    gettext_noop("Choose two different documents."),
    gettext_noop("A person has decided on this connection already. Take that back first."),
    gettext_noop("This document was not found for this claim."),
    gettext_noop("This origin was not found for this claim."),
    gettext_noop("This was taken back already."),
    gettext_noop("This passage is evidence already."),
    gettext_noop("This source has answered already."),
    gettext_noop("Verdicts carry this short name: it stays. Retire the rating instead."),
    gettext_noop("What every newsroom shares cannot be changed here."),
    gettext_noop("You have reviewed this claim already."),
    gettext_noop("You worked on this claim: somebody else has to approve it."),
    gettext_noop("Someone else has moved this claim. Reload it and try again."),
    gettext_noop("Someone else has saved meanwhile. Reload the page; your text is still in the form."),
    gettext_noop("The evidence changed after the approval. Re-open the claim and have it approved again."),
    gettext_noop("The verdict or its evidence changed since you opened it. Read it again, then approve."),
    gettext_noop("This code is not right, or it was used already."),
    gettext_noop("This code is not right. Does the clock of your phone agree?"),
    gettext_noop("The second factor is on already."),
    gettext_noop("Your newsroom asks for a second factor."),
    gettext_noop("Somebody else has to reset your second factor."),
    gettext_noop("This account reaches beyond your newsroom: its second factor stays."),
    gettext_noop("This person has no second factor."),
    gettext_noop("This is not your session."),
    gettext_noop("Say which program the key is for."),
    gettext_noop("The expiry has to lie in the future."),
    gettext_noop("This key was revoked or replaced already."),
    gettext_noop("The range ends before it begins."),
    gettext_noop("At most 10,000 events are told again at once."),
    gettext_noop("This webhook is disabled: enable it first."),
    gettext_noop("Give an address that begins with https://."),
    gettext_noop("Say why."),
)
PATTERNS = (
    gettext_noop("This page was found for the claim already (document %(number)s). Quote from its stored copy."),
    gettext_noop("The file is larger than %(most)s bytes."),
    gettext_noop("The server answered with status %(status)s."),
    gettext_noop("The same text was found already at %(url)s."),
    gettext_noop("A file of the type %(type)s holds no text that is read here."),
    gettext_noop("%(who)s stepped back from this claim. Choose somebody else."),
    gettext_noop("%(who)s declared an interest in what this claim is about. Choose somebody else."),
    gettext_noop("You declared an interest in %(words)s. Step back from this claim."),
    gettext_noop("At least %(least)s characters."),
    gettext_noop(
        "%(needed)s reviews have to give the proposed rating; %(given)s do. Ask another reviewer, or propose "
        "the rating most of them gave."
    ),
    gettext_noop("Not ticked off on the checklist: %(item)s."),
    gettext_noop("Replies are logged until the verdict is approved; this claim is %(status)s."),
    gettext_noop("The checklist is fixed while the claim is %(status)s. Send it back first."),
    gettext_noop("A claim that is %(status)s cannot be reviewed."),
    gettext_noop("A verdict needs %(needed)s independent origins; %(given)s were found."),
    gettext_noop("A verdict needs %(needed)s review(s); this claim has %(given)s."),
    gettext_noop("Too late for this: the claim is %(status)s."),
    gettext_noop("Cannot %(move)s a claim that is %(status)s."),
    gettext_noop("Evidence cannot be edited while the claim is %(status)s. Send it back first."),
    gettext_noop("The text has %(given)s characters; at most %(most)s are read. Send it in parts."),
    gettext_noop("%(given)s is not a language code. Use a BCP 47 code such as de or en."),
    gettext_noop("%(given)s passage(s) that speak against this rating are not answered yet: %(which)s."),
    gettext_noop("At most %(most)s characters."),
    gettext_noop("%(given)s is in the future."),
    gettext_noop("%(given)s is not a plausible date."),
    gettext_noop("You may not %(permission)s in this newsroom."),
    gettext_noop("%(who)s may not review in this newsroom."),
    gettext_noop("%(text)s is not a network such as 203.0.113.0/24."),
    gettext_noop("%(name)s is not a member of this newsroom."),
)
_FILLED = [
    (re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(pattern).replace("%", "%"))), pattern)
    for pattern in PATTERNS
]


def said(refusal: FactcheckError) -> str:
    """A refusal in words for this reader; where several rules say no, each in its words."""
    parts = refusal.parts if isinstance(refusal, Unmet) else [refusal]
    return " ".join(in_words(part.message) for part in parts)


def in_words(message: str) -> str:
    """What an operation or a worker said, in words for this reader."""
    if (get_language() or "en").startswith("en"):
        return message
    if message in KNOWN:
        return gettext(message)
    for written, pattern in _FILLED:
        found = written.fullmatch(message)
        if found:
            return gettext(pattern) % {name: _word(name, value) for name, value in found.groupdict().items()}
    return message


def _word(name: str, value: str) -> str:
    """Names of moves, statuses and permissions inside a refusal, in the reader's language."""
    if name == "move" and value.replace(" ", "_") in MOVES:
        return str(MOVES[value.replace(" ", "_")].label)
    if name == "status":
        return next((str(one.label).lower() for one in Status if one.value.replace("_", " ") == value), value)
    if name == "permission":
        return next((str(one.label) for one in Permission if one.value == value), value)
    return value
