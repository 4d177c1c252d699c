from django.apps import AppConfig


class SharingConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "rathaus.sharing"

    def ready(self) -> None:
        from rathaus.design.starting import begun
        from rathaus.sharing.inheriting import inherit

        begun.connect(inherit)
