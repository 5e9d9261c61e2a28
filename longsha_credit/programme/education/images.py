"""Photographs on their way to the public: smaller, and without what the camera wrote beside the picture."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import MaskedCopy

LONGEST = 1600  # pixels of the longer side
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


def is_photo(file: StoredFile) -> bool:
    return file.content_type in FORMATS


def public_copy(file: StoredFile) -> MaskedCopy | None:
    """A copy without place, time and camera (EXIF), turned as it was held; None for what is no photograph we can read."""
    if not is_photo(file):
        return None
    try:
        with file.file.open("rb") as source, Image.open(source) as picture:
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST, LONGEST))
            plain = upright.convert("RGB") if FORMATS[file.content_type] == "JPEG" else upright.copy()
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, FORMATS[file.content_type], quality=85)
    return MaskedCopy(out.getvalue(), file.name, file)
