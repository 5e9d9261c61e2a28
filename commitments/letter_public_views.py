"""The letter of commitment for everybody: a page that prints cleanly, and the same text as a Word file."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page, require_safe

from commitments.letters import paper_of
from commitments.models import Obligation
from longsha_credit.exchange.documents import DOCX, docx
from longsha_credit.publication import reading
from longsha_credit.publication.models import Correction


def _letter_of(request, code):
    """The commitment and its letter; the letter is None where only the commitment's own page can say why."""
    found = Obligation.objects.public().commitments().with_names().filter(code=code).first()
    if found is None:
        if Correction.objects.public().withdrawals().filter(reference=code).exists():
            return None, None
        raise Http404
    version = reading.versions(found.publication)[0]
    if version.is_removed or version.status != reading.INTACT:
        return found, None
    address = request.build_absolute_uri(found.publication.get_absolute_url())
    return found, paper_of(version, found.organisation, address)


@login_not_required
@require_safe
@conditional_page
def letter(request, code):
    found, paper = _letter_of(request, code)
    if paper is None:
        return redirect("public_commitments:page", code)
    context = {"section": "commitments", "obligation": found, "paper": paper}
    return render(request, "commitments/public/letter.html", context)


@login_not_required
@require_safe
def letter_file(request, code):
    _, paper = _letter_of(request, code)
    if paper is None:
        return redirect("public_commitments:page", code)
    response = HttpResponse(docx(paper), content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"承诺书-{code}.docx")
    return response
