from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "rathaus.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from rathaus.people import journal  # noqa: F401 - connects the signals
