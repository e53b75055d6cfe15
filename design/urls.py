"""Pages of design."""

from django.urls import path

from design.views import (
    author,
    author_drafts,
    author_preview,
    author_publishing,
    author_reports,
    designs,
    pictures,
    sketches,
    studio,
    versions,
)

app_name = "design"
urlpatterns = [
    path("products/<slug:slug>/", studio.product, name="product"),
    path("products/<slug:slug>/studio/", studio.studio, name="studio"),
    path("products/<slug:slug>/model.glb", pictures.studio_model, name="studio-model"),
    path("products/<slug:slug>/save/", designs.save, name="save"),
    path("products/<slug:slug>/sketch/", sketches.sketch, name="sketch"),
    path("d/<slug:code>/", designs.open_design, name="open"),
    path("d/<slug:code>/model.glb", pictures.design_model, name="model"),
    path("d/<slug:code>/drawn/<slug:kind>.png", pictures.design_picture, name="drawn-picture"),
    path("d/<slug:code>/sheet/", designs.sheet, name="sheet"),
    path("d/<slug:code>/name", versions.name, name="name"),
    path("d/<slug:code>/restore", versions.restore, name="restore"),
    path("d/<slug:code>/update", versions.update, name="update"),
    path("d/<slug:code>/copy", versions.copy, name="copy"),
    path("compare/", versions.side_by_side, name="compare"),
    path("author/", author.author, name="author"),
    path("author/drafts/", author.start, name="draft-start"),
    path("author/drafts/<uuid:public_id>/", author_drafts.draft, name="draft"),
    path("author/drafts/<uuid:public_id>/save", author_drafts.save, name="draft-save"),
    path("author/drafts/<uuid:public_id>/validate", author_drafts.validate, name="draft-validate"),
    path("author/drafts/<uuid:public_id>/check", author_drafts.check, name="draft-check"),
    path("author/drafts/<uuid:public_id>/state", author_drafts.state, name="draft-state"),
    path("author/drafts/<uuid:public_id>/discard", author_drafts.discard, name="draft-discard"),
    path("author/drafts/<uuid:public_id>/publish", author_publishing.publish, name="draft-publish"),
    path("author/drafts/<uuid:public_id>/sign", author_publishing.sign, name="draft-sign"),
    path(
        "author/drafts/<uuid:public_id>/hold-back",
        author_publishing.hold_back,
        name="draft-hold-back",
    ),
    path(
        "author/drafts/<uuid:public_id>/difference/",
        author_reports.difference,
        name="draft-difference",
    ),
    path("author/drafts/<uuid:public_id>/words/", author_reports.words, name="draft-words"),
    path("author/drafts/<uuid:public_id>/prices/", author_reports.many_prices, name="draft-prices"),
    path("author/drafts/<uuid:public_id>/preview/", author_preview.preview, name="draft-preview"),
    path(
        "author/publications/<uuid:public_id>/roll-back",
        author_publishing.roll_back,
        name="roll-back",
    ),
    path("author/products/<slug:slug>/", author.product, name="author-product"),
    path("author/products/<slug:slug>/sign-off", author.sign_off_switch, name="sign-off-switch"),
]
