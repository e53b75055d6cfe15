"""Pages of an account, and what guests do with the link in their mail."""

from django.urls import path

from orders.views import (
    account,
    addresses,
    complaints,
    documents,
    links,
    mails,
    my_data,
)

app_name = "account"
urlpatterns = [
    path("account/designs/", account.designs, name="designs"),
    path("account/designs/<slug:code>/rename", account.rename, name="design-rename"),
    path("account/designs/<slug:code>/remove", account.remove, name="design-remove"),
    path("account/mails/", mails.mails, name="mails"),
    path("account/mails/no/<str:token>/", mails.refuse_mail, name="refuse-mail"),
    path("account/my-data/", my_data.my_data, name="my-data"),
    path("account/my-data/export", my_data.export, name="export"),
    path("account/my-data/close", my_data.close, name="close"),
    path("account/my-data/keep", my_data.keep, name="keep"),
    path("orders/find/", links.find_order, name="find-order"),
    path("orders/<uuid:public_id>/papers/", documents.papers, name="papers"),
    path("orders/<uuid:public_id>/confirmation/", documents.confirmation, name="confirmation"),
    path(
        "orders/<uuid:public_id>/confirmation.pdf",
        documents.confirmation_pdf,
        name="confirmation-pdf",
    ),
    path("orders/<uuid:public_id>/credit/<int:place>/", documents.credit, name="credit"),
    path("orders/<uuid:public_id>/credit-<int:place>.pdf", documents.credit_pdf, name="credit-pdf"),
    path("orders/<uuid:public_id>/address/", addresses.change, name="change-address"),
    path("units/<uuid:public_id>/complaint/", complaints.complain, name="complain"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/<uuid:public_id>/answer", complaints.answer, name="complaint-answer"),
]
