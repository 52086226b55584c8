"""Addresses of the pages beside the cases: search, reviews, complaints, orders. Below the shop."""

from django.urls import path

from aftersales.views import exports, lookup, shipping, talk

urlpatterns = [
    path("search/", lookup.search, name="search"),
    path("reviews/", talk.reviews, name="reviews"),
    path("reviews/<int:review>/reply/", talk.review_reply, name="review_reply"),
    path("complaints/", talk.complaints, name="complaints"),
    path("complaints/<int:complaint>/reply/", talk.complaint_reply, name="complaint_reply"),
    path("complaints/<int:complaint>/work/", talk.complaint_work, name="complaint_work"),
    path("reviews.<str:kind>", exports.reviews, name="reviews_export"),
    path("complaints.<str:kind>", exports.complaints, name="complaints_export"),
    path("orders.<str:kind>", exports.orders, name="orders_export"),
    path("orders/parcels.<str:kind>", exports.parcels, name="parcels_export"),
    path("orders/delay-reports.<str:kind>", exports.delay_reports, name="delay_reports_export"),
    path("orders/", shipping.orders, name="orders"),
    path("orders/parcels/", shipping.parcels_page, name="parcels"),
    path("orders/delay-reports/", shipping.delay_reports, name="delay_reports"),
]
