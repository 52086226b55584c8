"""How a kept paper is handed out: as what it is, as a download, under a name of ours."""

from django.http import HttpResponse

from shopguard.lib.papers import ENDINGS

NOTHING_RUNS = "default-src 'none'; sandbox"


def paper_answer(content: bytes, media: str, *, name: str) -> HttpResponse:
    """The bytes of a paper as a download. ``name`` is ours, without an ending."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{ENDINGS[media]}"',
        "Content-Security-Policy": NOTHING_RUNS,
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return HttpResponse(content, content_type=media, headers=headers)
