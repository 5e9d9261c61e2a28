"""Scenes in the open data: as on their pages, found by need and place, few people told as few, drafts nowhere."""

import pytest

from tests.disclosure.scenes import making

SCENES = "/api/v1/scenes/"


def get(client, address, **asked):
    response = client.get(address, asked)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def test_a_scene_reads_as_its_public_page_and_few_people_are_told_as_few(client, cast):
    it = making.long_public(cast)
    making.published_month(cast, it, participations=12, served=3)
    making.draft(cast, title="金丝雀草稿")
    making.submitted(cast, title="金丝雀审查中")
    whole = get(client, f"{SCENES}{it.code}/")
    (month,) = whole.pop("months")
    assert (month["participations"], month["served"]) == ("12", "少于5")
    assert (whole["needs"], whole["state"]) == (["elderly-care", "disability"], "正在进行")
    assert get(client, SCENES)["results"] == [whole]
    page = client.get(whole["url"]).content.decode()
    assert all(whole[name] in page for name in ("title", "incentive", "eligibility", "joining", "place"))


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"need": "elderly-care"}, 1),
        ({"need": "parking"}, 0),
        ({"kind": "service"}, 0),
        ({"state": "over"}, 0),
        ({"state": "going"}, 1),
    ],
)
def test_scenes_are_found_by_what_the_public_list_knows(client, cast, asked, number):
    making.public(cast)
    assert get(client, SCENES, **asked)["count"] == number


def test_scenes_are_found_by_place(client, cast):
    making.public(cast)
    assert get(client, SCENES, place=cast.community.pk)["count"] == 1
    assert get(client, SCENES, below=cast.community.pk)["count"] == 0
    assert get(client, SCENES, organisation=cast.other_street.pk)["count"] == 0


@pytest.mark.parametrize("asked", [{"need": "x"}, {"place": "10000000"}, {"kind": "\x00"}, {"q": "轮椅"}])
def test_what_makes_no_sense_is_told(client, cast, asked):
    response = client.get(SCENES, asked)
    assert response.status_code == 400 and "参数" in response.json()["detail"]


def test_a_scene_taken_down_says_so_and_one_that_never_was_is_unknown(client, cast):
    it = making.withdrawn(cast, making.public(cast))
    response = client.get(f"{SCENES}{it.code}/")
    assert (
        response.status_code == 410 and response.json()["reason"] == it.publication.corrections.get().reason
    )
    assert get(client, SCENES)["count"] == 0
    assert client.get(f"{SCENES}CJ-990100-2026-999999/").status_code == 404
