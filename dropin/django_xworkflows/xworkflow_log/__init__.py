"""The default transition log under its original name; put "django_xworkflows.xworkflow_log" into INSTALLED_APPS."""
