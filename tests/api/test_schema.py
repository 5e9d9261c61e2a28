"""The schema is sound OpenAPI in Chinese; its page says the same without a script."""

import re

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from longsha_credit.home import api
from longsha_credit.home.api import operations, schema
from tests import make

CHINESE = re.compile("[\u4e00-\u9fff]{2}")


def test_the_schema_is_valid_and_written_without_a_warning(client, db):
    schema.cache_clear()
    GENERATOR_STATS.reset()
    found = client.get("/api/v1/schema/").json()
    validate_schema(found)
    assert found["openapi"].startswith("3.")
    assert not GENERATOR_STATS
    lists = {f"/api/v1/{name}/" for name in api.OPEN}
    assert lists < found["paths"].keys()
    assert {path for path, verbs in found["paths"].items() if "post" in verbs} == {
        f"/api/v1/drafts/{name}/" for name in ("commitments", "records", "notices")
    }
    assert not {verb for verbs in found["paths"].values() for verb in verbs} - {"get", "post"}


def test_everything_in_the_schema_is_explained_in_chinese(client, db):
    found = client.get("/api/v1/schema/").json()
    for path, verbs in found["paths"].items():
        for it in verbs.values():
            words = {"summary": it["summary"], "description": it["description"]}
            words |= {p["name"]: p.get("description", "") for p in it.get("parameters", [])}
            words |= {code: answer["description"] for code, answer in it["responses"].items()}
            assert [name for name, said in words.items() if not CHINESE.search(said)] == [], path
    for name, component in found["components"]["schemas"].items():
        silent = [
            field
            for field, kind in component.get("properties", {}).items()
            if not CHINESE.search(kind.get("description", ""))
        ]
        assert silent == [], name


def test_what_the_schema_promises_is_what_comes(cast, client):
    promise = make.in_force(cast)
    components = client.get("/api/v1/schema/").json()["components"]["schemas"]
    for name, address in (
        ("Commitment", f"/api/v1/commitments/{promise.code}/"),
        ("Organisation", f"/api/v1/organisations/{cast.street.pk}/"),
        ("PaginatedCommitmentList", "/api/v1/commitments/"),
    ):
        assert client.get(address).json().keys() == components[name]["properties"].keys()


def test_the_page_names_every_parameter_and_field(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    named = [row["name"] for it in operations() for row in (*it["parameters"], *it["body"], *it["fields"])]
    assert len(named) > 50
    assert [name for name in named if f'<span class="code">{name}</span>' not in page] == []
    assert "认定标准：怎样算全部履行" in page and "* `" not in page


def test_the_calls_on_the_page_run_as_they_are_copied(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    calls = re.findall("curl &#x27;http://testserver(/api/v1/[^{]*?)&#x27;", page)
    assert {f"/api/v1/{name}/" for name in api.OPEN} <= set(calls) and "本站地址" not in page
    assert [address for address in calls if client.get(address).status_code != 200] == []
    for name in api.TABLES:  # the list of tables leads to what is said of each
        assert f'href="#{name}"' in page and f'id="{name}"' in page


def test_a_word_in_the_address_changes_nothing(client, db):
    for query in ("lang=%0d%0aX:1", "version=%0d%0aX:1", "format=yaml", "lang=../../x"):
        assert client.get(f"/api/v1/schema/?{query}").status_code == 200
