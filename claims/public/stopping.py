"""The public page behind every mail's "no more mail like this": no sign-in, and nothing happens by merely looking.

Mail programs stop mail with one POST (RFC 8058), people with a button. Scanners that open every link stop nothing.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from claims.letters import spoken_by
from claims.models import Notice, Rhythm
from claims.operations import mailing, noticing

LONGEST = 400  # characters of a token


@csrf_exempt  # the token is what lets in: there is no session a foreign page could borrow
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Say which mail would stop; stop it on POST: that of the token, or all of it where the button says so."""
    found = mailing.read_token(token) if len(token) <= LONGEST else None
    if found is None:
        raise Http404
    person, what = found
    done = ""
    if request.method == "POST":
        done = mailing.EVERYTHING if request.POST.get("stop") == mailing.EVERYTHING else what
        mailing.stop(person, done)
    with translation.override(spoken_by(person)):
        context = {
            "what": dict([*Notice.Kind.choices, *Rhythm.choices]).get(what, ""),
            "is_rhythm": what in mailing.DIGESTS,
            "done": done,
            "left": any(rhythm != Rhythm.OFF for rhythm in noticing.preferences_of(person).values()),
        }
        response = render(request, "public/stop_mail.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
