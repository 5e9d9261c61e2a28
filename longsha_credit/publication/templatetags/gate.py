"""The way from a draft to its check, beside the button that submits it."""

from django import template

from longsha_credit.publication import registry

register = template.Library()


@register.inclusion_tag("publication/_check_link.html")
def check_link(offer):
    """A link to 公开前自查 for the offer to submit something that would become public; nothing for any other offer."""
    if offer.step.name != "submit" or offer.of is None or registry.find(offer.of._meta.label_lower) is None:
        return {}
    return {"kind": offer.of._meta.label_lower, "pk": offer.of.pk}
