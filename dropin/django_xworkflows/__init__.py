"""The package `django_xworkflows`, served by `detent.workflow`; put "django_xworkflows" into INSTALLED_APPS."""

__version__ = "1.0.0"
