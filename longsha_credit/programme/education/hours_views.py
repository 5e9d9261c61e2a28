"""Desk pages of training hours: a unit's people, one person's year, entering and confirming, courses, the minimum."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import sheets
from longsha_credit.files.checks import Unacceptable
from longsha_credit.programme.education import hours, lists, reading
from longsha_credit.programme.education.flows import HOURS, OFFICE
from longsha_credit.programme.education.forms import (
    CourseForm,
    CoursePeopleForm,
    EducationStepForm,
    MinimumForm,
    OutsideForm,
    PeopleForm,
    ReasonForm,
)
from longsha_credit.programme.education.wording import hours_words
from longsha_credit.programme.models import Course, TrainingHours, Year
from longsha_credit.programme.models.training import KEEPS_HOURS
from longsha_credit.web.pages import page_of

AT_ONCE = 100  # entries confirmed with one press
COLUMNS = ("姓名", "工号", "单位", "已确认学时", "还差", "待确认条数")


def _keeper(user):
    if not user.holds(*KEEPS_HOURS):
        raise Http404


@require_safe
def people(request):
    """The unit's own people with what each has learned; for whoever keeps no hours, where the own ones are."""
    user, years = request.user, lists.years_of(request.user)
    year = lists.chosen_year(years, request.GET)
    context = {"tab": "hours", "years": years, "year": year, "keeps": user.holds(*KEEPS_HOURS)}
    if year and context["keeps"]:
        waiting = lists.hours_asking(user).filter(year=year).with_names().order_by("organisation__path", "id")
        context |= {
            "minimum": hours.minimum_of(year),
            "page": page_of(request, reading.with_hours(hours.people_kept_by(user), year)),
            "waiting": waiting[:AT_ONCE],
            "is_open": year.state != "frozen",
        }
    return render(request, "programme/education/hours.html", context)


@require_safe
def mine(request):
    """What the signed-in official has learned this year and what is missing."""
    official = request.user.official if request.user.official_id else None
    years = lists.years_of(request.user)
    year = lists.chosen_year(years, request.GET)
    context = {"tab": "mine", "years": years, "year": year, "mine": True}
    if official and year:
        context |= reading.person_context(official, year, request.user)
    return render(request, "programme/education/person.html", context)


@require_safe
def person(request, pk):
    years = lists.years_of(request.user)
    year = lists.chosen_year(years, request.GET)
    if year is None:
        raise Http404
    official = hours.opened_by(request.user, pk)
    context = {"tab": "hours", "years": years} | reading.person_context(official, year, request.user)
    return render(request, "programme/education/person.html", context)


@require_safe
def sources(request):
    """From what hours can be entered: activities that took place, courses, a training elsewhere."""
    _keeper(request.user)
    activities = hours.activities_attended(request.user).order_by("-held_on", "-id")
    courses = hours.courses_to_enter(request.user)
    context = {"tab": "hours", "page": page_of(request, activities, 20), "courses": courses}
    return render(request, "programme/education/sources.html", context)


@require_http_methods(["GET", "POST"])
def enter_activity(request, pk):
    """Pick who took part from the list; who is in it already is not offered again."""
    user, activity = request.user, hours.activity_to_enter(request.user, pk)
    entered = TrainingHours.objects.visible_to(user).live().filter(activity=activity).with_names()
    kept = hours.people_kept_by(user).exclude(pk__in=entered.values("official"))
    form = PeopleForm(request.POST or None, people=kept, day=activity.held_on, hours=activity.hours)
    if request.method == "POST" and form.is_valid() and _entered(request, form, activity=activity):
        return redirect("education:hours")
    context = {"form": form, "activity": activity, "entered": entered, "nobody_left": not kept.exists()}
    return render(request, "programme/education/enter.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def enter_course(request):
    user = request.user
    _keeper(user)
    start = {"course": request.GET.get("course"), "day": timezone.localdate()}
    people, courses = hours.people_kept_by(user), hours.courses_to_enter(user)
    form = CoursePeopleForm(request.POST or None, people=people, courses=courses, initial=start)
    if request.method == "POST" and form.is_valid():
        course = form.cleaned_data["course"]
        if _entered(request, form, course=course, each=form.cleaned_data["hours"] or course.hours):
            return redirect("education:hours")
    context = {"form": form, "nobody_left": not people.exists()}
    return render(request, "programme/education/enter.html", context, status=422 if form.is_bound else 200)


def _entered(request, form, each=None, **of):
    """Enter the hours of those picked, or put what stands against it above the form."""
    data = form.cleaned_data
    try:
        rows = hours.enter(form.picked(), by=request.user, day=data["day"], hours=each or data["hours"], **of)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"登记了{len(rows)}人，等另一个人确认以后计入学时。")
    return True


@require_http_methods(["GET", "POST"])
def enter_outside(request):
    user = request.user
    _keeper(user)
    form = OutsideForm(request.POST or None, request.FILES or None, people=hours.people_kept_by(user))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {name: data[name] for name in ("day", "hours", "outside", "certificate")}
        try:
            hours.enter([data["official"]], by=user, **given)
        except (Refused, Unacceptable) as refusal:
            form.add_error("certificate" if isinstance(refusal, Unacceptable) else None, str(refusal))
        else:
            messages.success(request, "已登记，等另一个人看过证书、确认以后计入学时。")
            return redirect("education:hours")
    return render(
        request, "programme/education/outside.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_POST
def confirm(request):
    """Confirm the entries that were ticked; each that may not be is named with its reason."""
    _keeper(request.user)
    ids = [int(pk) for pk in request.POST.getlist("hours")[:AT_ONCE] if pk.isdecimal() and len(pk) < 10]
    rows = TrainingHours.objects.visible_to(request.user).filter(pk__in=ids).with_names().order_by("id")
    done, left = hours.confirm_all(list(rows), by=request.user)
    if done:
        messages.success(request, f"确认了{done}条学时。")
    for sentence in left[:5]:
        messages.error(request, sentence)
    if not ids:
        messages.error(request, "请先勾选要确认的学时。")
    return redirect("education:hours")


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    row = get_object_or_404(TrainingHours.objects.visible_to(request.user).with_names(), pk=pk)
    own = row.official_id == request.user.official_id
    back = reverse("education:mine") if own else reverse("education:person", args=[row.official_id])
    template = "programme/education/step.html"
    form = {"form_class": EducationStepForm, "context": {"hours": row}}
    return stepping.take(request, HOURS, row, step, template=template, back=back, **form)


@require_safe
def export(request):
    """The unit's people and their hours as a table for those who keep them; an entry says who took it."""
    user, kind = request.user, request.GET.get("format", "xlsx")
    year = lists.chosen_year(lists.years_of(user), request.GET)
    _keeper(user)
    rows = hours.people_kept_by(user)
    number = rows.count()
    if year is None or kind not in sheets.KINDS or number > sheets.MOST:
        messages.error(request, f"一次最多导出{sheets.MOST}人，格式是 csv 或 xlsx，请重新选择。")
        return redirect("education:hours")
    hours.note_export(user, year=year, number=number)
    least = hours.minimum_of(year).hours
    lines = (_line(one, least) for one in reading.with_hours(rows, year))
    marks = {"user": user, "number": number, "purpose": "年度学时核对"}
    return sheets.download(kind, f"学时{year.number}", COLUMNS, lines, **marks)


def _line(one, least):
    missing = hours_words(max(least - one.learned, 0)) if one.learned < least else "已达到"
    unit = one.organisation.name
    return (one.name, one.staff_number, unit, hours_words(one.learned), missing, one.waiting)


# --- courses and the minimum ------------------------------------------------------------------------------------------


@require_safe
def courses(request):
    user, years = request.user, lists.years_of(request.user)
    year = lists.chosen_year(years, request.GET)
    context = {
        "tab": "courses",
        "years": years,
        "year": year,
        "courses": Course.objects.visible_to(user)
        .filter(year=year)
        .with_names()
        .order_by("retired_on", "id"),
        "minimum": hours.minimum_of(year) if year else None,
        "is_office": user.holds(*OFFICE),
        "is_open": year and year.state != "frozen",
        "sees_work": user.holds(*SEES_WORK),
    }
    return render(request, "programme/education/courses.html", context)


def _office_of(request):
    """The district for which somebody keeps the curriculum; 404 for everybody else."""
    found = next((m.organisation for m in request.user.current_memberships if m.role in OFFICE), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def new_course(request):
    return _course(request, Course(organisation=_office_of(request)), "新建课程")


@require_http_methods(["GET", "POST"])
def edit_course(request, pk):
    _office_of(request)
    return _course(
        request,
        get_object_or_404(Course.objects.visible_to(request.user).offered().with_names(), pk=pk),
        "修改课程",
    )


def _course(request, course, heading):
    start = {} if course.pk else {"year": lists.chosen_year(lists.years_of(request.user), {})}
    form = CourseForm(request.POST or None, instance=course, user=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            hours.save_course(course, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "课程已保存，各单位可以按它登记学时。")
            return redirect("education:courses")
    return _form(request, form, heading)


@require_http_methods(["GET", "POST"])
def retire_course(request, pk):
    _office_of(request)
    course = get_object_or_404(Course.objects.visible_to(request.user).offered().with_names(), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hours.retire_course(course, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "课程已停开，已经登记的学时照算。")
        return redirect("education:courses")
    return _form(request, form, f"停开“{course}”", "停开课程")


@require_http_methods(["GET", "POST"])
def edit_minimum(request, pk):
    _office_of(request)
    year = get_object_or_404(Year.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    require_within(request.user, year.organisation, OFFICE)
    now = hours.minimum_of(year)
    start = {name: getattr(now, name) for name in ("hours", "basis", "basis_kind")}
    form = MinimumForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            hours.set_minimum(year, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{year}的学时要求已保存，达标率按新的要求重新计算。")
            return redirect("education:courses")
    return _form(request, form, f"{year}学时要求")


def _form(request, form, heading, action="保存"):
    context = {"form": form, "heading": heading, "action": action, "today": timezone.localdate()}
    return render(request, "programme/education/form.html", context, status=422 if form.is_bound else 200)
