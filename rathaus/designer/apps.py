from django.apps import AppConfig


class DesignerConfig(AppConfig):
    name = "rathaus.designer"
    label = "designer"
    default_auto_field = "django.db.models.BigAutoField"
