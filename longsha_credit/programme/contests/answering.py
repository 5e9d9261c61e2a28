"""The pages on which somebody answers, the same for residents and for officials: a question, handing in, the result."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange.documents import qr
from longsha_credit.programme.contests import counting, public_reading, scoring, taking
from longsha_credit.programme.models import Attempt, Contest, ContestCertificate, Entrant

STATUS = {"guard": 422}


@dataclass(frozen=True)
class Sitting:
    """Somebody before a paper: `app` is the namespace of their addresses, `folder` of their pages, `secret` the
    resident's number, which is shown again so that another phone can go on."""

    app: str
    folder: str
    contest: Contest
    entrant: Entrant
    secret: str = ""

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"{self.app}:{name}", args=[self.contest.code, *more])

    def page(
        self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        ways = {way: self.url(way) for way in ("hand_in", "mine", "certificate")}
        shared = {
            "section": "contests",
            "contest": self.contest,
            "entrant": self.entrant,
            "secret": self.secret,
            "ways": ways,
        }
        return render(request, f"{self.folder}/{name}.html", shared | context, status=status)

    @property
    def last(self) -> Attempt | None:
        return Attempt.objects.filter(entrant=self.entrant).order_by("-number").first()


def question(request: HttpRequest, sitting: Sitting, number: int) -> HttpResponse:
    """One question: shown, or its answer kept and on to where the button leads."""
    attempt, now = sitting.last, timezone.now()
    if attempt is None or not 1 <= number <= len(attempt.order):
        raise Http404
    at_once = request.headers.get("X-Answer") == "now"
    if request.method == "POST":
        try:
            saved = taking.answer(
                attempt,
                sitting.contest,
                number,
                request.POST.getlist("choice")[:6],
                now=now,
                seen=_seen(request),
            )
        except Refused as refused:
            if at_once:
                return _not_saved(refused)
            return _show(request, sitting, attempt, number, now, refused)
        if at_once:
            at = timezone.localtime(saved.at).strftime("%H:%M:%S")
            return JsonResponse({"saved": True, "version": saved.version, "at": at})
        return redirect(_next(request, sitting, attempt, number))
    if attempt.is_over(now):
        return redirect(sitting.url("mine"))
    return _show(request, sitting, attempt, number, now)


def _not_saved(refused: Refused) -> JsonResponse:
    told = {"saved": False, "code": refused.code, "why": str(refused)}
    return JsonResponse(told, status=STATUS.get(refused.code, 409))


def _seen(request: HttpRequest) -> int | None:
    """Which version a browser knew that could not send at once."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _next(request: HttpRequest, sitting: Sitting, attempt: Attempt, number: int) -> str:
    if request.POST.get("go") == "back" and number > 1:
        return sitting.url("answer", number - 1)
    return sitting.url("answer", number + 1) if number < len(attempt.order) else sitting.url("hand_in")


def _show(
    request: HttpRequest,
    sitting: Sitting,
    attempt: Attempt,
    number: int,
    now: Any,
    refused: Refused | None = None,
) -> HttpResponse:
    asked = taking.sheet(attempt, sitting.contest)
    context = {
        "attempt": attempt,
        "asked": asked,
        "at": asked[number - 1],
        "rows": [(one, sitting.url("answer", one.number)) for one in asked],
        "left": max(0, int((attempt.ends_at - now).total_seconds())),
        "is_over": attempt.is_over(now),
        "refused": refused and str(refused),
    }
    return sitting.page(request, "answer", context, STATUS.get(refused.code, 409) if refused else 200)


def hand_in(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Ask once more, saying what is left unanswered; then hand in. Pressed twice it is one."""
    attempt, now = sitting.last, timezone.now()
    if attempt is None:
        raise Http404
    if request.method == "POST":
        taking.hand_in(attempt, now=now)
    if request.method == "POST" or attempt.is_over(now):
        return redirect(sitting.url("mine"))
    asked = taking.sheet(attempt, sitting.contest)
    context = {
        "attempt": attempt,
        "number": len(asked),
        "open": [(one, sitting.url("answer", one.number)) for one in asked if not one.choice],
        "left": max(0, int((attempt.ends_at - now).total_seconds())),
        "back": sitting.url("answer", len(asked)),
    }
    return sitting.page(request, "hand_in", context)


def mine(request: HttpRequest, sitting: Sitting, again: str) -> HttpResponse:
    """All attempts with their points, what counts, the certificate, and the right answers once they are public.

    `again` is the address that begins the next attempt.
    """
    contest, now = sitting.contest, timezone.now()
    attempts = taking.attempts_of(sitting.entrant)
    running = next((one for one in attempts if not one.is_over(now)), None)
    counts, full = taking.result_of(contest, attempts, now), counting.full_points(contest)
    issued = ContestCertificate.objects.filter(attempt__entrant=sitting.entrant).first()
    context = {
        "attempts": [one for one in attempts if one.is_over(now)],
        "running": running,
        "go_on": running and sitting.url("answer", _first_open(running, contest)),
        "counts": counts,
        "full": full,
        "issued": issued,
        "earned": bool(counts) and scoring.reaches(counts.score, full, contest.pass_percent),
        "again": again if not running and contest.is_open(now) and len(attempts) < contest.attempts else "",
        "left_over": contest.attempts - len(attempts),
        "right": taking.sheet(counts, contest) if counts and public_reading.shows_paper(contest) else [],
        "standing": contest.standing(now),
    }
    return sitting.page(request, "mine", context)


def _first_open(attempt: Attempt, contest: Contest) -> int:
    """Where somebody who comes back goes on: the first question without an answer, else the last."""
    asked = taking.sheet(attempt, contest)
    return next((one.number for one in asked if not one.choice), len(asked))


def certificate(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """The certificate to print; a press of the button issues it."""
    now = timezone.now()
    if request.method == "POST":
        if taking.certificate_of(sitting.entrant, sitting.contest, now=now) is None:
            return redirect(sitting.url("mine"))
        return redirect(sitting.url("certificate"))
    issued = ContestCertificate.objects.filter(attempt__entrant=sitting.entrant).first()
    if issued is None:
        return redirect(sitting.url("mine"))
    check = request.build_absolute_uri(reverse("public_contests:certificate_check", args=[issued.number]))
    context = {"issued": issued, "check": check, "qr": qr(check)}
    return sitting.page(request, "certificate", context)
