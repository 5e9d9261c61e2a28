"""Tags and filters every template has without loading them: states, deadlines, dates, bars, differences."""

import datetime
import hashlib
from decimal import Decimal

from django import template
from django.core.cache import cache
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from longsha_credit.web import differences, sections

register = template.Library()

ICON_OF_STATE = {
    "kept": "kept",
    "partly": "partly",
    "broken": "broken",
    "active": "clock",
    "near": "near",
    "overdue": "stop",
    "objected": "flag",
    "passed": "kept",
    "blocked": "stop",
    "pending": "clock",
    "fresh": "kept",
    "stale": "stop",
    "returned": "back",
    "na": "na",
    "empty": "empty",
    "draft": "draft",
    "withdrawn": "na",
}
ICON_OF_DUE = {"blue": "clock", "yellow": "near", "red": "stop", "none": "na"}
SUMMARY = 120  # characters
WEEKDAYS = "一二三四五六日"
NEAR_DAYS = 7


@register.simple_tag
def icon(name):
    """An icon from the sprite; it stands beside a word, so it is not spoken."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name
    )


@register.simple_tag
def state(code, label, icon=None):
    """A state in this order: a word, a shape, a colour."""
    shape = icon or ICON_OF_STATE.get(code, "na")
    return _marked("state", code, shape, label)


@register.simple_tag(takes_context=True)
def due(context, date, today=None):
    """The days left until a date in words: blue over seven, yellow up to seven, red today and after."""
    day = _day_of(date)
    if day is None:
        return _marked("due", "none", ICON_OF_DUE["none"], "无期限")
    days = (day - (today or context.get("today") or timezone.localdate())).days
    colour = "blue" if days > NEAR_DAYS else "yellow" if days > 0 else "red"
    return _marked("due", colour, ICON_OF_DUE[colour], days_in_words(days))


def days_in_words(days):
    """还有N天, 今天 or 超期N天 for a number of days to go."""
    if days > 0:
        return f"还有{days}天"
    return "今天" if days == 0 else f"超期{-days}天"


def _marked(kind, value, shape, label):
    return format_html('<span class="{0}" data-{0}="{1}">{2}{3}</span>', kind, value, icon(shape), label)


def _local(value):
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day_of(value):
    if isinstance(value, datetime.datetime):
        return _local(value).date()
    return value or None


@register.filter
def stamp(value):
    """A moment as <time>2026-11-23 09:30</time> in China's time."""
    if not isinstance(value, datetime.datetime):
        return day(value)
    local = _local(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat("T", "minutes"), local.strftime("%Y-%m-%d %H:%M")
    )


@register.filter
def day(value):
    """A date as <time>2026-11-23</time>; a moment gives its day in China."""
    date = _day_of(value)
    return format_html('<time datetime="{0}">{0}</time>', date.isoformat()) if date else ""


@register.filter
def weekday(value):
    """周一 to 周日."""
    date = _day_of(value)
    return f"周{WEEKDAYS[date.weekday()]}" if date else ""


@register.filter
def filesize_zh(value):
    """A number of bytes as people read it."""
    size, units = float(value or 0), ["字节", "KB", "MB", "GB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    unit = units[0]
    number = f"{size:.0f}" if unit in ("字节", "KB") or size >= 100 else f"{size:.1f}"
    return f"{number} {unit}"


@register.filter
def points(value):
    """Hundredths of a point as people write points: 450 is 4.5, None is a dash."""
    return "—" if value is None else f"{value / 100:.2f}".rstrip("0").rstrip(".")


@register.filter
def plain(value):
    """A number without trailing zeros or exponent."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value))
    if not number.is_finite():
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def short(value):
    """The first twelve characters of a checksum."""
    text = str(value or "")
    return f"{text[:12]}…" if len(text) > 12 else text


@register.filter
def paragraphs(value):
    """Plain text as paragraphs: a blank line parts them, a line break stays."""
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block.strip() for block in text.split("\n\n")]
    return mark_safe(  # noqa: S308
        "".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in blocks if block)
    )


@register.simple_tag
def split_bar(kept, partly=0, broken=0, label=None):
    """Kept, partly and broken on one line; the words stand beside it or in the label."""
    parts = [("kept", kept or 0), ("partly", partly or 0), ("broken", broken or 0)]
    words = (
        label or f"全部兑现{plain(kept or 0)}件，部分兑现{plain(partly or 0)}件，未兑现{plain(broken or 0)}件"
    )
    rects, at = [], 0
    for name, width in parts:
        if width:
            rects.append((f"split-{name}", plain(at), plain(width)))
        at += width
    return _bar(rects or [("meter-rest", 0, 1)], at or 1, words)


@register.simple_tag
def meter(done, total, label=None):
    """How far something has come; more than all is drawn as all."""
    total = total or 0
    filled = min(max(done or 0, 0), total)
    rects = [("meter-rest", 0, plain(total or 1))]
    if filled:
        rects.append(("meter-done", 0, plain(filled)))
    return _bar(rects, total or 1, label or f"{plain(done or 0)} / {plain(total)}")


def _bar(rects, total, label):
    drawn = format_html_join("", '<rect class="{}" x="{}" width="{}" height="1"/>', rects)
    return format_html(
        '<svg class="split-bar" viewBox="0 0 {} 1" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        plain(total),
        label,
        drawn,
    )


@register.simple_tag
def diff(old, new):
    """What was struck and what was added between two texts, marked for the eye and the ear; what is far from it left out.

    Two long texts with nothing in common take a second to compare; versions never change, so once is enough.
    """
    old, new = old or "", new or ""
    key = "diff:" + hashlib.sha256(f"{len(old)}:{old}{new}".encode()).hexdigest()
    runs = cache.get_or_set(key, lambda: list(differences.runs(old, new)), timeout=24 * 3600)
    return format_html_join("", "{}", ((_run(kind, text),) for kind, text in differences.folded(runs)))


def _run(kind, text):
    if kind == "same":
        return text
    if kind == "left_out":
        return format_html('<span class="soft">……（中间{}个字没有变）……</span>', text)
    tag, word = ("ins", "新增") if kind == "added" else ("del", "删去")
    return format_html('<{0}><span class="spoken">{1}：</span>{2}</{0}>', mark_safe(tag), word, text)  # noqa: S308


@register.inclusion_tag("web/_column_meta.html", takes_context=True)
def column_meta(context):
    """The column's name, kind, description and keywords, by the `section` the view gives."""
    return {"column": sections.column(str(context.get("section", "")))}


@register.inclusion_tag("web/_page_meta.html", takes_context=True)
def page_meta(context, title="", text="", at=None, source="", version=None):
    """What a page says of itself to search engines and to who shares it: in block `article_meta`, only what is its own.

    With `at` (when it was made public) and `source` (which unit) it is an article of the column, else a page of it.
    """
    request, origin = context.get("request"), context.get("origin", "")
    site, column = context["site"], sections.column(str(context.get("section", "")))
    about = " ".join(str(text).split()) or column["about"]
    return {
        "site": site,
        "origin": origin,
        "address": f"{origin}{_own_address(request)}" if origin and request else "",
        "title": (title or column["name"]) + (f"（第{version}版）" if version else ""),
        "about": about[:SUMMARY] + ("…" if len(about) > SUMMARY else ""),
        "at": at,
        "source": source or site["owner"],
    }


def _own_address(request):
    """The path, with the number of the page in a long list; filters show the same things in another choice."""
    page = request.GET.get("page", "")
    return (
        f"{request.path}?page={page}" if page.isdecimal() and len(page) < 5 and page != "1" else request.path
    )


@register.simple_tag(takes_context=True)
def form_token(context):
    """The hidden CSRF field for a partial that was included with `only`."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return ""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@register.filter
def fault_count(form):
    """How many sentences the error summary of a form lists."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def model_label(row):
    """commitments.obligation: how addresses name the model of a row."""
    return row._meta.label_lower


@register.filter
def open_offers(offers):
    """The steps that can be taken now."""
    return [offer for offer in offers if not offer.refusal]


@register.filter
def closed_offers(offers):
    """The steps that cannot be taken yet, each with its reason."""
    return [offer for offer in offers if offer.refusal]
