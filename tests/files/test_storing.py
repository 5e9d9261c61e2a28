"""Files are private: kept whole, served only to whose duty it is, and leave nothing behind."""

import datetime
import errno
import hashlib
import os

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from longsha_credit.files import services
from longsha_credit.files.models import StoredFile
from tests import make


@pytest.fixture
def stored(cast):
    return services.store(
        make.upload("验收 单“一”.txt"), organisation=cast.street, purpose="test", by=cast.clerk
    )


@pytest.fixture
def declared(monkeypatch):
    """A purpose that street staff may read, for this test only."""
    monkeypatch.setattr(services, "_readers", dict(services._readers))
    services.readable("test", lambda user: StoredFile.objects.visible_to(user))


def test_a_stored_file_keeps_name_size_kind_and_checksum(cast, stored):
    content = "验收合格".encode()
    row = StoredFile.objects.get()
    assert (row.name, row.size, row.content_type) == ("验收 单“一”.txt", len(content), "text/plain")
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.file.read() == content
    assert "验收" not in row.file.name


def test_nobody_stores_for_a_unit_that_is_not_theirs(cast):
    with pytest.raises(Http404):
        services.store(make.upload(), organisation=cast.other_street, purpose="test", by=cast.clerk)
    assert not StoredFile.objects.exists()


def test_a_full_disk_is_said_in_words(cast, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(services.Unacceptable, match="存储空间不足"):
        services.store(make.upload(), organisation=cast.street, purpose="test", by=cast.clerk)
    assert not StoredFile.objects.exists()


def test_a_row_that_is_refused_leaves_no_bytes(cast):
    with pytest.raises(Exception, match="value too long"):
        services.store(make.upload(), organisation=cast.street, purpose="x" * 50, by=cast.clerk)
    assert [folder for folder in default_storage.listdir("")[0] if default_storage.listdir(folder)[1]] == []


def test_the_desk_serves_a_file_only_as_a_private_download(cast, stored, declared, signed_in):
    response = signed_in(cast.clerk).get(reverse("file", args=[stored.pk]))
    assert response.status_code == 200 and b"".join(response) == "验收合格".encode()
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%AA%8C%E6%94%B6%20")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "text/plain"


def test_other_peoples_files_do_not_exist(cast, stored, declared, signed_in):
    address = reverse("file", args=[stored.pk])
    seen = {
        name: signed_in(getattr(cast, name)).get(address).status_code
        for name in (
            "clerk",
            "lead",
            "reviewer",
            "secrecy",
            "other_clerk",
            "community_clerk",
            "sysadmin",
            "outsider",
        )
    }
    assert seen == {
        "clerk": 200, "lead": 200, "reviewer": 200, "secrecy": 200,
        "other_clerk": 404, "community_clerk": 404, "sysadmin": 404, "outsider": 404,
    }  # fmt: skip


def test_a_stranger_is_asked_to_sign_in(stored, declared, client):
    response = client.get(reverse("file", args=[stored.pk]))
    assert response.status_code == 302 and response["Location"].startswith(reverse("login"))


def test_a_purpose_nobody_declared_is_read_by_nobody(cast, stored, signed_in):
    assert signed_in(cast.clerk).get(reverse("file", args=[stored.pk])).status_code == 404


def test_a_number_no_file_has_is_not_found(cast, declared, signed_in):
    for number in (0, 999999, 10**25):
        assert signed_in(cast.clerk).get(reverse("file", args=[number])).status_code == 404


def test_bytes_that_are_gone_are_not_found(cast, stored, declared, signed_in):
    os.remove(stored.file.path)
    assert signed_in(cast.clerk).get(reverse("file", args=[stored.pk])).status_code == 404


def test_a_public_copy_is_asked_for_anew_each_time(stored):
    response = services.send(RequestFactory().get("/"), stored, public=True)
    assert (
        response["Cache-Control"] == "public, no-cache" and "sandbox" in response["Content-Security-Policy"]
    )


def test_bytes_of_a_step_that_failed_are_swept_after_a_day(cast, stored):
    with pytest.raises(RuntimeError), transaction.atomic():
        lost = services.store(make.upload("丢.txt"), organisation=cast.street, purpose="test", by=cast.clerk)
        raise RuntimeError
    default_storage.save("README", make.upload())
    assert services.sweep_orphans() == 0 and default_storage.exists(lost.file.name)
    tomorrow = timezone.now() + datetime.timedelta(days=1, minutes=1)
    assert services.sweep_orphans(now=tomorrow) == 1
    assert not default_storage.exists(lost.file.name)
    assert default_storage.exists(stored.file.name) and default_storage.exists("README")
