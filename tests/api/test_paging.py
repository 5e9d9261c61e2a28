"""Pages meet each row once, whatever is published, changed or taken down between them."""

import pytest

from longsha_credit.directory.models import Level
from tests import make

PROMISES, UNITS = "/api/v1/commitments/", "/api/v1/organisations/"


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return response, response.json()


def test_what_stood_all_along_is_read_once_while_others_come_change_and_go(cast, client):
    made = [make.in_force(cast, title=f"承诺{n}") for n in range(7)]
    response, first = page(client, f"{PROMISES}?page_size=2")
    seen = [row["code"] for row in first["results"]]
    make.in_force(cast, title="中间公开的")
    make.amended(cast, made[0], target=30)  # by the time of its newest version it would jump to the front
    gone = make.withdrawn(cast, made[3])
    assert response["Link"] == f'<{first["next"]}>; rel="next"'
    address = first["next"]
    while address:
        _, found = page(client, address)
        assert found["count"] == first["count"] == 7
        seen += [row["code"] for row in found["results"]]
        address = found["next"]
    assert seen == [it.code for it in reversed(made) if it.code != gone.code]


@pytest.mark.parametrize("ordering", ["due_on", "-due_on", "published_at", "-published_at"])
def test_every_order_goes_on_after_the_last_row_of_a_page(cast, client, ordering):
    codes = {make.in_force(cast, title=f"{n}", due_on=make.soon(30 + n // 2)).code for n in range(5)}
    whole = [row["code"] for row in client.get(f"{PROMISES}?ordering={ordering}").json()["results"]]
    address, seen = f"{PROMISES}?ordering={ordering}&page_size=2", []
    while address:
        found = client.get(address).json()
        seen, address = seen + [row["code"] for row in found["results"]], found["next"]
    assert seen == whole and set(seen) == codes


def test_units_made_between_two_pages_move_none_of_the_others(cast, client):
    first = client.get(f"{UNITS}?page_size=2").json()
    make.organisation(Level.WINDOW, "新窗口", cast.street)
    names, address = [row["name"] for row in first["results"]], first["next"]
    while address:
        found = client.get(address).json()
        names, address = names + [row["name"] for row in found["results"]], found["next"]
    assert len(names) == len(set(names))
    assert {"示例区", "向阳街道", "临江街道", "新苑社区", "综合窗口"} <= set(names)


def test_a_place_of_another_order_or_a_made_up_one_is_told(cast, client):
    for n in range(3):
        make.in_force(cast, title=f"{n}")
    place = client.get(f"{PROMISES}?page_size=1").json()["next"]
    for address in (
        f"{place}&ordering=due_on",
        place.replace("cursor=", "cursor=x"),
        f"{PROMISES}?cursor=x:y:z",
    ):
        response = client.get(address)
        assert response.status_code == 400, address
        assert "这个位置认不出来" in response.json()["parameters"]["cursor"]
