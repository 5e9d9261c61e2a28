"""ETags of open data: told from the marks of the tables an answer is read from, before anything of it is read.

The tag of an answer changes with every change of a row of those tables, with the day (what is overdue, expired or no
longer announced is so by the calendar), with the address asked for, with the code and with the key that signs the
places of pages. So an answer is never called unchanged that changed; now and then one is sent again that did not.
"""

import functools
import hashlib
from typing import Any

import django
import rest_framework
from django.conf import settings
from django.http import HttpResponseNotModified
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from rest_framework.request import Request

from longsha_credit.audit import marks

PACKAGES = ("longsha_credit", "records", "commitments", "disclosure", "evaluation")


@functools.cache
def code() -> str:
    """What our own code and the libraries that write the answers are; the same on every host that has the same."""
    found = hashlib.sha256(f"{django.__version__} {rest_framework.__version__}".encode())
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


class Marked:
    """A view whose answers carry an ETag; `reads` names the tables they are read from, None: the answer is hashed.

    A tag is weak: it says that the data are the same, not each byte (the address of the next page is signed with the
    time). An exact match is answered with 304 by one query; every other request goes the usual way.
    """

    reads: tuple[str, ...] | None = None

    def moment(self) -> str:
        """What of the clock an answer depends on: the day."""
        return timezone.localdate().isoformat()

    def etag_of(self, request: Request) -> str:
        mark = marks.mark_of(self.reads) if self.reads else 0
        told = f"{request.build_absolute_uri()}\n{self.moment()}\n{mark}\n{code()}"
        return f'W/"{salted_hmac("open-data-mark", told, algorithm="sha256").hexdigest()[:40]}"'

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if self.reads is None:
            return
        self.etag = self.etag_of(request)
        if self.etag in parse_etags(request.headers.get("If-None-Match", "")):
            self.get = self.head = self.unchanged

    def unchanged(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseNotModified:
        return HttpResponseNotModified()

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if response.status_code in (200, 304) and (etag := getattr(self, "etag", "")):
            response["ETag"] = etag
        return response
