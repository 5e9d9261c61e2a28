"""The documents of a thing on the thing's own page."""

from django import template

from longsha_credit.exchange.official import lists

register = template.Library()


@register.inclusion_tag("exchange/official/_panel.html", takes_context=True)
def official_documents(context, thing):
    """What was issued on `thing`, with the way to the draft of each kind there is."""
    return {"panels": lists.panel(thing, context["request"].user), "thing": thing}
