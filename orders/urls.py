"""Pages of orders."""

from django.urls import path

from orders.views import (
    campaigns,
    carts,
    changing,
    checkout,
    legal,
    orders,
    payment,
    pledges,
    quotes,
    taken,
)

app_name = "orders"
urlpatterns = [
    path("cart/", carts.cart, name="cart"),
    path("cart/add/", carts.add, name="add"),
    path("cart/lines/<uuid:line_id>/", carts.change_line, name="line"),
    path("cart/lines/<uuid:line_id>/update/", carts.update_line, name="line-update"),
    path("checkout/", checkout.address, name="address"),
    path("checkout/review/", checkout.review, name="review"),
    path("terms/", legal.terms, name="terms"),
    path("imprint/", legal.imprint, name="imprint"),
    path("privacy/", legal.privacy, name="privacy"),
    path("pay/simulator/<str:reference>/", payment.simulator, name="simulator"),
    path("account/", orders.order_list, name="list"),
    path("pay/simulator/later/<str:reference>/", pledges.authorise, name="authorise"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/of/<slug:code>/", campaigns.campaigns_of, name="campaigns-of"),
    path("campaigns/start/<slug:code>/", campaigns.start, name="campaign-start"),
    path("campaigns/<uuid:public_id>/", campaigns.campaign, name="campaign"),
    path("campaigns/<uuid:public_id>/pilot", campaigns.pilot, name="campaign-pilot"),
    path("campaigns/<uuid:public_id>/pledge/", pledges.pledge, name="pledge"),
    path("campaigns/<uuid:public_id>/withdraw", pledges.withdraw, name="pledge-withdraw"),
    path("orders/taken/<slug:slug>/", taken.taken, name="taken"),
    path("orders/<uuid:public_id>/", orders.order, name="order"),
    path("orders/<uuid:public_id>/state/", orders.order_state, name="state"),
    path("orders/<uuid:public_id>/pay/", payment.pay, name="pay"),
    path("orders/<uuid:public_id>/answer/", orders.answer, name="answer"),
    path("orders/<uuid:public_id>/cancel/", orders.cancel, name="cancel"),
    path("orders/<uuid:public_id>/invoice/", orders.invoice, name="invoice"),
    path("orders/<uuid:public_id>/invoice.pdf", quotes.invoice_pdf, name="invoice-pdf"),
    path("orders/<uuid:public_id>/sheet/", changing.sheet, name="sheet"),
    path("orders/<uuid:public_id>/units/<uuid:unit_id>/change/", changing.change, name="change"),
    path("orders/<uuid:public_id>/quote/", quotes.quote, name="quote"),
    path("orders/<uuid:public_id>/quote.pdf", quotes.quote_pdf, name="quote-pdf"),
    path("orders/<uuid:public_id>/quote/again/", quotes.renew, name="quote-again"),
]
