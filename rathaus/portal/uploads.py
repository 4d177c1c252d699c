"""Big files in pieces that can be resumed: the server side of tus 1.0.0 (creation and termination).

Only the browser that has the draft may upload to it. Protocol: https://tus.io/protocols/resumable-upload
"""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from rathaus.applications.limits import UPLOADS, client_of, limiter
from rathaus.applications.models import Attachment, Draft
from rathaus.applications.service import (
    DraftGoneError,
    FileLimits,
    FileRefusedError,
    WrongOffsetError,
    add_attachment,
    append_chunk,
    attachment_of,
    file_answer,
    finish_attachment,
    remove_attachment,
    save_page,
)
from rathaus.catalogue.service import package_of
from rathaus.forms.keys import Answers, copied, get, path_from_html_name, put, template_of
from rathaus.forms.tree import FieldNode
from rathaus.portal.filling import own_draft

VERSION = "1.0.0"
_PIECE = "application/offset+octet-stream"


def create(request: HttpRequest, key: str, draft_id: UUID) -> HttpResponse:
    """`…/dateien/`: announce a file; the answer's `Location` takes its pieces."""
    if request.method == "OPTIONS":
        return _answer(204, **{"Tus-Version": VERSION, "Tus-Extension": "creation,termination"})
    draft = _open_draft(request, key, draft_id)
    if draft is None:
        return _answer(404)
    if request.method != "POST":
        return _answer(405, Allow="OPTIONS, POST")
    if wait := limiter.wait("portal.upload", client_of(request), UPLOADS):
        return _answer(429, **{"Retry-After": str(wait)})
    limiter.count("portal.upload", client_of(request), UPLOADS)
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    length = request.headers.get("Upload-Length", "")
    node = _file_field(draft, metadata.get("name", ""))
    if node is None or not length.isdecimal():
        return _answer(400)
    try:
        attachment = add_attachment(
            draft,
            metadata["name"],
            metadata.get("filename", ""),
            metadata.get("filetype", ""),
            int(length),
            FileLimits(node.max_size, node.media_types),
        )
    except FileRefusedError as error:
        return _answer(422, str(error))
    return _answer(201, Location=reverse("portal:upload", args=[key, draft_id, attachment.pk]))


def upload(request: HttpRequest, key: str, draft_id: UUID, attachment_id: UUID) -> HttpResponse:
    """`…/dateien/<id>/`: how far it is (HEAD), the next piece (PATCH), or give it up (DELETE)."""
    draft = _open_draft(request, key, draft_id)
    attachment = attachment_of(draft, attachment_id) if draft else None
    if draft is None or attachment is None:
        return _answer(404)
    if request.method == "HEAD":
        return _answer(
            200, **{"Upload-Offset": str(attachment.received), "Upload-Length": str(attachment.size)}
        )
    if request.method == "DELETE":
        remove_attachment(attachment)
        return _answer(204)
    if request.method != "PATCH":
        return _answer(405, Allow="HEAD, PATCH, DELETE")
    return _take_piece(request, draft, attachment)


def _take_piece(request: HttpRequest, draft: Draft, attachment: Attachment) -> HttpResponse:
    offset = request.headers.get("Upload-Offset", "")
    if request.content_type != _PIECE:
        return _answer(415)
    if not offset.isdecimal():
        return _answer(400)
    try:
        attachment = append_chunk(attachment, int(offset), request)
        entry = _answer_with(draft, finish_attachment(attachment)) if _is_whole(attachment) else ""
    except WrongOffsetError as error:
        return _answer(409, **{"Upload-Offset": str(error.expected)})
    except FileRefusedError as error:
        return _answer(422, str(error))
    except DraftGoneError:
        return _answer(404)
    # Beyond the protocol: the value of the button that removes the file again.
    more = {"Answer-Entry": entry} if entry else {}
    return _answer(204, **{"Upload-Offset": str(attachment.received)}, **more)


def _is_whole(attachment: Attachment) -> bool:
    return attachment.received == attachment.size


def _answer_with(draft: Draft, attachment: Attachment) -> str:
    """Put the finished file into the draft's answers: added to a question that takes several, else in its place.

    Returns the name of the entry that holds it (`belege.1`).
    """
    node = _file_field(draft, attachment.path)
    path = path_from_html_name(attachment.path)
    replaced: list[str] = []
    entry = attachment.path

    def change(answers: Answers) -> Answers:
        nonlocal entry
        changed: Answers = copied(answers)
        stored, value = get(changed, path), file_answer(attachment)
        replaced.clear()
        if node is not None and node.repeatable:
            entry = f"{attachment.path}.{len(stored or [])}"
            put(changed, path, [*(stored or []), value])
        else:
            replaced.extend([stored["id"]] if isinstance(stored, dict) else [])
            put(changed, path, value)
        return changed

    save_page(draft, None, change)
    for attachment_id in replaced:
        if (former := attachment_of(draft, attachment_id)) is not None:
            remove_attachment(former)
    return entry


def _open_draft(request: HttpRequest, key: str, draft_id: UUID) -> Draft | None:
    own = own_draft(request, key, draft_id)
    return own[0] if own and own[0].submitted_at is None else None


def _file_field(draft: Draft, name: str) -> FieldNode | None:
    """The file field of a control name, if it is one of the form and its entry exists."""
    path = path_from_html_name(name)
    node = package_of(draft.service).tree.nodes.get(".".join(template_of(path)))
    if not isinstance(node, FieldNode) or not node.is_file:
        return None
    last_index = max((place for place, step in enumerate(path) if isinstance(step, int)), default=-1)
    if last_index >= 0 and get(draft.answers, path[: last_index + 1]) is None:
        return None
    return node


def _metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: comma separated pairs of a key and a Base64 value; what is malformed is left out."""
    found = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def _answer(status: int, message: str = "", **headers: str) -> HttpResponse:
    response = HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
    response.headers["Tus-Resumable"] = VERSION
    for name, value in headers.items():
        response.headers[name] = value
    return response
