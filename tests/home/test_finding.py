"""The box at the top of the desk finds everything its reader may see, and nothing else."""

from django.urls import reverse

from tests import make
from tests.disclosure import making
from tests.disclosure.scenes import making as scenes


def found(browser, text):
    response = browser.get(reverse("find"), {"q": text})
    assert response.status_code == 200
    return {
        group["label"]: [item["title"] for item in group["items"]] for group in response.context["groups"]
    }


def test_a_word_a_number_or_a_unit_finds_every_kind(cast, signed_in):
    promise, notice, scene = (
        make.in_force(cast, title="修坡道"),
        making.published(cast, title="坡道公示"),
        scenes.public(cast, title="坡道借轮椅"),
    )
    browser = signed_in(cast.clerk)
    assert found(browser, "坡道") == {
        "承诺、合同、政策": ["修坡道"],
        "公开内容": ["坡道公示"],
        "信用+场景": ["坡道借轮椅"],
    }
    assert found(browser, notice.code) == {"公开内容": ["坡道公示"]}
    assert found(browser, f"向阳 {promise.code}") == {"承诺、合同、政策": ["修坡道"]}
    assert scene.title in found(browser, "轮椅")["信用+场景"]


def test_nothing_of_another_street_is_found(cast, signed_in):
    make.draft(cast, title="金丝雀")
    assert found(signed_in(cast.clerk), "金丝雀")
    for who in (cast.other_clerk, cast.other_lead, cast.sysadmin, cast.official):
        assert found(signed_in(who), "金丝雀") == {}


def test_what_makes_no_sense_finds_nothing(cast, signed_in):
    browser = signed_in(cast.clerk)
    for text in ("", " ", "\x00", "%", "x" * 5000, "'; DROP"):
        assert found(browser, text) == {}
