"""Pages of design."""

from django.urls import path

from design.views import author, studio

app_name = "design"
urlpatterns = [
    path("products/<slug:slug>/", studio.product, name="product"),
    path("products/<slug:slug>/studio/", studio.studio, name="studio"),
    path("products/<slug:slug>/save/", studio.save, name="save"),
    path("d/<slug:code>/", studio.open_design, name="open"),
    path("author/", author.author, name="author"),
]
