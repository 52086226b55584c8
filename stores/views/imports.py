"""数据导入: files are sent, checked, confirmed, and their rows come in or come back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shopguard.lib.exports import table_response
from stores.access import FORM, WRITE, ShopRequest, shop_page
from stores.models import ImportUpload
from stores.selectors.uploads import imports_page, rows_rejected, uploads_of, uploads_waiting
from stores.services.imports.problems import reason_text
from stores.services.imports.shown import (
    file_shown,
    header_shown,
    kind_word,
    rejected_columns,
)
from stores.services.imports.source import RefusedError
from stores.services.uploads import (
    UnclearError,
    UploadStateError,
    upload_begin,
    upload_drop,
    upload_stop,
    upload_take,
)
from stores.upload_forms import UploadForm

UNPROCESSABLE = 422


@shop_page(methods=FORM)
def imports(request: ShopRequest, shop: str) -> HttpResponse:
    """What came in so far, and the form for the next file."""
    if request.method != "POST":
        return _home(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _home(request, form, status=UNPROCESSABLE)
    try:
        upload = upload_take(
            shop=request.shop,
            user=request.user,
            is_trusted=request.role == "admin",
            source=form.source,
            wish=form.wish,
        )
    except RefusedError as error:
        refusal = reason_text(error.code, error.params)
        return _home(request, form, status=UNPROCESSABLE, refusal=refusal)
    except UnclearError as unclear:
        header = header_shown(unclear.start, unclear.best, unclear.nearest)
        return _home(request, form, status=UNPROCESSABLE, header=header)
    return redirect("import", shop=request.shop.external_id, upload=upload.pk)


def _home(request: ShopRequest, form: UploadForm, status: int = 200, **more: Any) -> HttpResponse:
    waiting = uploads_waiting(shop=request.shop)
    page = imports_page(shop=request.shop, asked=request.GET)
    context = {
        "form": form,
        "upload_limit": settings.IMPORT_UPLOAD_MAX_BYTES,
        "waiting": [(upload, kind_word(upload.kind)) for upload in waiting],
        "page": page,
        "history": [(batch, kind_word(batch.kind)) for batch in page.rows],
        **more,
    }
    return render(request, "imports/home.html", context, status=status)


@shop_page()
def import_one(request: ShopRequest, shop: str, upload: int) -> HttpResponse:
    """One file, wherever it stands; the page asks again by itself while a worker is at it."""
    context = {
        "file": file_shown(_found(request, upload)),
        "form": UploadForm(),
        "upload_limit": settings.IMPORT_UPLOAD_MAX_BYTES,
    }
    return render(request, "imports/file.html", context)


@shop_page(methods=WRITE)
def import_begin(request: ShopRequest, shop: str, upload: int) -> HttpResponse:
    """Import a file that was checked, or go on with one that stopped."""
    return _changed(request, upload, upload_begin)


@shop_page(methods=WRITE)
def import_stop(request: ShopRequest, shop: str, upload: int) -> HttpResponse:
    """End an import after the rows it is at."""
    return _changed(request, upload, upload_stop)


@shop_page(methods=WRITE)
def import_drop(request: ShopRequest, shop: str, upload: int) -> HttpResponse:
    """Forget a file that was not imported."""
    return _changed(request, upload, upload_drop)


def _changed(request: ShopRequest, upload: int, change: Any) -> HttpResponse:
    """The file's page after a change, or after it turned out that it stands elsewhere by now."""
    found = _found(request, upload)
    try:
        change(upload=found)
    except UploadStateError:
        messages.warning(request, _("这个文件的状态刚刚变了，下面是现在的样子。"))
    return redirect("import", shop=request.shop.external_id, upload=found.pk)


@shop_page()
def import_rejected(request: ShopRequest, shop: str, upload: int, kind: str) -> HttpResponseBase:
    """The rows that did not land, to be mended and sent again."""
    found = _found(request, upload)
    name = f"{found.file_name.rsplit('.', 1)[0]}-{_('未收下的行')}"
    return table_response(kind, name, rejected_columns(found), rows_rejected(upload=found))


def _found(request: ShopRequest, upload: int) -> ImportUpload:
    found = uploads_of(shop=request.shop).filter(pk=upload).first()
    if found is None:
        raise Http404
    return found
