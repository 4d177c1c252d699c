from django.apps import AppConfig


class TownsConfig(AppConfig):
    name = "rathaus.towns"
    label = "towns"
    default_auto_field = "django.db.models.BigAutoField"
