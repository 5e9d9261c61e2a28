"""Desk pages of the question bank: list, one question, its forms, several checked at once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit.history import changes, timeline
from longsha_credit.audit.stepping import take
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange.imports import services as imports
from longsha_credit.programme.contests import lists, services
from longsha_credit.programme.contests.flows import HOLDS, QUESTION
from longsha_credit.programme.contests.forms import QuestionForm, own_units
from longsha_credit.programme.models import Category, Question, QuestionKind, QuestionState
from longsha_credit.publication.drafts import stamp_of
from longsha_credit.web.pages import page_of

FOLDER = "programme/contests/questions"
AT_ONCE = 100


def _holder(request):
    """Who writes questions; for all others there is no such address."""
    if not request.user.holds(*HOLDS):
        raise Http404
    return request.user


@require_safe
def question_list(request):
    rows = Question.objects.visible_to(request.user).with_names()
    context = {
        "page": page_of(request, lists.questions(rows, request.GET, request.user)),
        "views": lists.question_views(rows, request.GET, request.user),
        "q": request.GET.get("q", ""),
        "of_import": imports.asked(request.GET),
        "kinds": QuestionKind.choices,
        "categories": Category.choices,
        "can_write": request.user.holds(*HOLDS),
        "checking": request.GET.get("view") == "check",
    }
    return render(request, f"{FOLDER}/list.html", context)


@require_safe
def question_page(request, pk):
    question = get_object_or_404(Question.objects.visible_to(request.user).with_names(), pk=pk)
    context = {
        "question": question,
        "offers": QUESTION.available(
            question, request.user, url=lambda step: reverse("contests:question_step", args=[pk, step])
        ),
        "can_write": request.user.role_at(HOLDS, question.organisation.path) is not None,
        "later": question.later.exclude(state=QuestionState.DISCARDED).first(),
        "entries": timeline([question]),
        "changes": changes(question),
    }
    return render(request, f"{FOLDER}/page.html", context)


@require_http_methods(["GET", "POST"])
def new(request):
    user = _holder(request)
    return _edit(request, Question(organisation=own_units(user)[0]), "写题目")


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    question = get_object_or_404(Question.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, question.organisation, HOLDS)
    if question.state != QuestionState.DRAFT and request.method == "GET":
        messages.error(request, f"这道题现在是“{question.get_state_display()}”，不能改；要改请出新版。")
        return redirect("contests:question", pk)
    return _edit(request, question, "修改题目")


@require_http_methods(["GET", "POST"])
def version(request, pk):
    """The next version of a question in use, which stands until the new one is checked."""
    question = get_object_or_404(Question.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, question.organisation, HOLDS)
    try:
        newer = services.new_version(question)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("contests:question", pk)
    return _edit(request, newer, "出新版")


def _edit(request, question, heading):
    form = QuestionForm(
        request.POST or None, user=request.user, instance=question, initial={"seen": stamp_of(question)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_question(form.instance, by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "题目已保存。由另一个人核对答案和依据以后启用。")
            return redirect("contests:question", saved.pk)
    context = {"heading": heading, "form": form, "question": question}
    return render(request, f"{FOLDER}/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    question = get_object_or_404(Question.objects.visible_to(request.user).with_names(), pk=pk)
    back = reverse("contests:question", args=[pk])
    return take(request, QUESTION, question, step, template=f"{FOLDER}/step.html", back=back)


@require_POST
def confirm(request):
    """Check several at once: those ticked, all or none."""
    rows = Question.objects.visible_to(request.user).with_names().filter(QUESTION.waiting_for(request.user))
    ticked = [int(pk) for pk in request.POST.getlist("question")[:AT_ONCE] if pk.isdecimal() and len(pk) < 10]
    chosen = list(rows.filter(pk__in=ticked))
    if not chosen:
        messages.error(request, "没有选中要核对的题。请在“待我核对”里勾选，逐题看过答案和依据再点。")
        return redirect("contests:questions")
    try:
        done = services.confirm_questions(chosen, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已核对启用{done}道题。")
    return redirect("contests:questions")
