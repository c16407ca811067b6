"""Rules, events, deliveries and workflows over HTTP; `detent.trigger.urls` has them all.

It needs djangorestframework, drf-spectacular and django-filter, as the extra `rest` brings them.
"""
