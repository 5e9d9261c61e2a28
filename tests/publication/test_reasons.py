"""A reason that the public log keeps for good tells no person: refused where it is asked and again at the door."""

import re

import pytest
from django.urls import reverse

from commitments.flows import FLOW
from disclosure.flows import FLOW as NOTICE
from disclosure.models import CatalogueChange, Topic
from disclosure.services import save_topic
from longsha_credit.audit.workflow import Refused
from longsha_credit.publication.models import Correction
from tests import make
from tests.disclosure import making
from tests.disclosure.scenes import making as scenes

ID = "230205197106306145"
MASKED = "230205********6145"


@pytest.mark.parametrize("made", [make.in_force, making.published, scenes.public])
def test_who_asks_for_a_withdrawal_may_not_name_a_person(cast, made):
    it = made(cast)
    flow = FLOW if made is make.in_force else NOTICE if made is making.published else scenes.FLOW
    with pytest.raises(Refused, match="理由长期公开|长期公开") as refusal:
        flow.take(it, "ask_withdrawal", by=cast.clerk, reason=f"误写了{ID}")
    assert MASKED in str(refusal.value) and ID not in str(refusal.value)


def test_the_page_says_so_above_what_was_typed(cast, signed_in):
    it = making.published(cast)
    url = reverse("disclosure:step", args=[it.pk, "ask_withdrawal"])
    page = signed_in(cast.clerk).post(url, {"reason": f"误写了{ID}"})
    assert page.status_code == 422
    assert f"理由里有身份证号（{MASKED}）" in page.content.decode()


def test_a_reason_from_before_does_not_pass_the_door(cast):
    it = scenes.withdrawing(cast)
    type(it).objects.filter(pk=it.pk).update(withdraw_reason=f"误写了{ID}")
    it.refresh_from_db()
    with pytest.raises(Refused, match=re.escape(MASKED)):
        scenes.FLOW.take(it, "approve_withdrawal", by=cast.reviewer)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("where", ["reason", "content"])
def test_the_catalogue_is_public_at_once_and_names_nobody(cast, where):
    topic = Topic.objects.get(key="elderly-care")
    topic.content = f"{topic.content}，联系人 {ID}" if where == "content" else f"{topic.content}。"
    with pytest.raises(Refused, match="填写的内容里有身份证号"):
        save_topic(topic, by=cast.office, reason=f"按{ID}反映" if where == "reason" else "补充要素")
    assert not CatalogueChange.objects.filter(reason__contains=ID).exists()
