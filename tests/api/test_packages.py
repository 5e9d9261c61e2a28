"""Nightly packages hold everything public and nothing else; what is taken down is in no download from that moment."""

import csv
import datetime
import hashlib
import io
import json

import openpyxl
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from longsha_credit.home import api, packages
from longsha_credit.publication.models import DataPackage, PackageFile
from tests import make
from tests.commitments.reader import body_of

PAGE = "/open-data/"


def file_of(resource, form) -> PackageFile:
    return packages.current().files.get(resource=resource, form=form)


def taken(client, file) -> bytes:
    response = client.get(reverse("package_file", args=[file.pk]))
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_a_package_has_every_resource_in_every_form_with_its_hash_and_fields(cast, client):
    make.in_force(cast, title="=1+1"), make.draft(cast, title="金丝雀草稿")
    assert packages.nightly() == len(api.TABLES) * len(packages.FORMS)
    assert packages.nightly() == 0
    files = {(it.resource, it.form): it for it in packages.current().files.all()}
    contents = {key: taken(client, it) for key, it in files.items()}
    for key, content in contents.items():
        assert hashlib.sha256(content).hexdigest() == files[key].sha256 and len(content) == files[key].size
        assert "金丝雀".encode() not in content
    lines = [json.loads(line) for line in contents["commitments", "jsonl"].decode().splitlines()]
    (listed,) = client.get("/api/v1/commitments/").json()["results"]
    assert [line | {"url": ""} for line in lines] == [listed | {"url": ""}]
    rows = list(csv.reader(io.StringIO(contents["commitments", "csv"].decode("utf-8-sig"))))
    assert len(rows) == 2 and rows[1][rows[0].index("承诺名称")] == "'=1+1"
    sheet = openpyxl.load_workbook(io.BytesIO(contents["commitments", "xlsx"])).active
    assert [list(map(str, row)) for row in sheet.iter_rows(values_only=True)][0] == rows[0]
    fields = list(csv.reader(io.StringIO(contents["commitments", "fields"].decode("utf-8-sig"))))
    assert [row[0] for row in fields[1:]] == list(listed)
    assert all(len(row) == 4 and all(row) for row in fields)
    page = client.get(PAGE).content.decode()
    assert all(it.sha256 in page for it in files.values()) and "可以免费使用" in page


def test_a_file_that_is_had_already_is_not_sent_again_until_something_is_taken_down(cast, client):
    gone = make.in_force(cast)
    packages.nightly()
    address = reverse("package_file", args=[file_of("commitments", "csv").pk])
    first, head = client.get(address), client.head(address)
    for name in ("ETag", "Last-Modified", "Content-Length"):
        assert head[name] == first[name]
    for asked in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = client.get(address, headers=asked)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    make.withdrawn(cast, gone)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 404


def test_what_is_taken_down_ends_every_package_at_once_and_is_not_in_the_next(cast, client):
    gone = make.in_force(cast, title="要撤下的")
    make.in_force(cast, title="留下的")
    packages.nightly()
    file = file_of("commitments", "jsonl")
    assert "要撤下的" in taken(client, file).decode()
    make.withdrawn(cast, gone)
    assert client.get(reverse("package_file", args=[file.pk])).status_code == 404
    assert "还没有做好" in client.get(PAGE).content.decode()
    assert packages.nightly() > 0
    text = taken(client, file_of("commitments", "jsonl")).decode()
    assert "留下的" in text and "要撤下的" not in text
    assert not default_storage.exists(file.stored) and DataPackage.objects.count() == 1


def test_a_withdrawal_while_a_package_is_made_leaves_it_to_nobody(cast, client, monkeypatch):
    gone, store = make.in_force(cast), packages._store
    monkeypatch.setattr(
        packages, "_store", lambda *it: (gone.publication.is_public and withdraw(), store(*it))[1]
    )

    def withdraw():
        make.withdrawn(cast, gone)
        gone.publication.refresh_from_db()

    packages.nightly()
    assert packages.current() is None


def test_a_missed_night_is_made_up_for_and_old_ones_go(cast, client, settings):
    settings.OPEN_DATA_KEPT_DAYS = 2
    make.in_force(cast)
    for day in (0, 1, 3):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=day)):
            assert packages.nightly() > 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
        assert [it.day for it in DataPackage.objects.all()] == [timezone.localdate()]
        assert len(default_storage.listdir(packages.FOLDER)[0]) <= 3


def test_what_broke_off_is_given_to_nobody_and_cleared(cast, client, monkeypatch):
    make.in_force(cast)
    with monkeypatch.context() as patch:
        patch.setattr(packages, "_store", lambda *it: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            packages.nightly()
    assert packages.current() is None and "还没有做好" in client.get(PAGE).content.decode()
    packages.nightly()
    assert DataPackage.objects.count() == 1


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_a_list_is_taken_along_as_json_row_by_row(cast, client, kind):
    first = body_of(client.get(f"/api/v1/commitments.{kind}"))
    assert first == ("[]\n" if kind == "json" else "")
    for n in range(3):
        make.in_force(cast, title=f"承诺{n}")
    response = client.get(f"/api/v1/commitments.{kind}", {"below": cast.street.pk})
    text = body_of(response)
    rows = json.loads(text) if kind == "json" else [json.loads(line) for line in text.splitlines()]
    assert rows == client.get("/api/v1/commitments/").json()["results"]
    assert response.streaming and f".{kind}" in response["Content-Disposition"]
