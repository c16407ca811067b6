"""URLs of the tests of the REST interface: the shop's own viewsets, and the triggers'."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from detent.workflow.rest import WorkflowViewSetMixin
from tests.shop.models import Letter, Order, Parcel


class OrderSerializer(ModelSerializer[Order]):
    """Shows an order."""

    class Meta:
        model = Order
        fields = ("id", "customer", "reference", "state")


class LetterSerializer(ModelSerializer[Letter]):
    """Shows a letter."""

    class Meta:
        model = Letter
        fields = ("id", "stamps", "state")


class OpenOrderViewSet(WorkflowViewSetMixin, ModelViewSet[Any]):
    """Orders, for anybody."""

    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    authentication_classes: list[type[BaseAuthentication]] = [SessionAuthentication]
    permission_classes = [AllowAny]


class OrderViewSet(OpenOrderViewSet):
    """Orders, for those who have logged in."""

    permission_classes = [IsAuthenticated]


class LetterViewSet(WorkflowViewSetMixin, ModelViewSet[Any]):
    """Letters, for anybody."""

    queryset = Letter.objects.all()
    serializer_class = LetterSerializer
    permission_classes = [AllowAny]


class ParcelSerializer(ModelSerializer[Parcel]):
    """Shows a parcel."""

    class Meta:
        model = Parcel
        fields = ("code", "state", "label")
        read_only_fields = ("state", "label")


class ParcelViewSet(WorkflowViewSetMixin, ModelViewSet[Any]):
    """Parcels, for anybody: two states, one of them logged, and a key that is a text."""

    queryset = Parcel.objects.all()
    serializer_class = ParcelSerializer
    permission_classes = [AllowAny]


router = SimpleRouter()
router.register("orders", OrderViewSet)
router.register("open-orders", OpenOrderViewSet, basename="open-order")
router.register("letters", LetterViewSet)
router.register("parcels", ParcelViewSet)
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("triggers/", include("detent.trigger.urls")),
]
