from django.apps import AppConfig


class LapasprogConfig(AppConfig):
    name = "lapasprog"
