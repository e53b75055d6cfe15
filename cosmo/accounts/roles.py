"""Who may do what, named once."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does in an organisation; a consumer has no membership at all."""

    PLANNER = "planner", _("Planner")
    OPERATOR = "operator", _("Operator")
    AUTHOR = "author", _("Catalogue author")
    DESIGNER = "designer", _("Designer")
    PARTNER = "partner", _("Partner")
    ADMINISTRATOR = "administrator", _("Administrator")
