"""Addresses below /api/v1/ of labelling and figures."""

urlpatterns = []
