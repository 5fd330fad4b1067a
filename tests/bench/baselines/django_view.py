"""A plain Django view that saves M-PESA's callbacks with `update_or_create`, as tutorials have it.

The settings of its database are the till's own: WAL, synchronous FULL, one connection kept for each thread.
python -m tests.bench.baselines.django_view DATABASE COUNT makes the rows; `gunicorn` serves `application`.
"""

import json
import os
import sys
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path


def _database(location: str) -> dict[str, object]:
    if "://" in location:
        url = urlsplit(location)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path[1:],
            "USER": url.username,
            "HOST": url.hostname,
            "PORT": url.port,
            "CONN_MAX_AGE": None,
        }
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 60}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": location, "CONN_MAX_AGE": None, "OPTIONS": options}


settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="of a benchmark",
    DATABASES={"default": _database(os.environ.get("BENCH_DATABASE") or sys.argv[1])},
    LOGGING_CONFIG=None,
)
django.setup()


class Payment(models.Model):  # type: ignore[misc]
    """What the callback completes."""

    checkout_request_id = models.CharField(max_length=100, unique=True)
    phone = models.CharField(max_length=12)
    amount = models.IntegerField()
    state = models.CharField(max_length=10, default="prompted")
    receipt = models.CharField(max_length=20, default="")

    class Meta:
        app_label = "bench"


class Grant(models.Model):  # type: ignore[misc]
    """What the customer has bought."""

    payment = models.OneToOneField(Payment, on_delete=models.CASCADE)

    class Meta:
        app_label = "bench"


def callback(request: HttpRequest, number: int) -> JsonResponse:
    """M-PESA's word of one payment."""
    told = json.loads(request.body)["Body"]["stkCallback"]
    items = {item["Name"]: item.get("Value") for item in told["CallbackMetadata"]["Item"]}
    with transaction.atomic():
        payment, _ = Payment.objects.update_or_create(
            checkout_request_id=told["CheckoutRequestID"],
            defaults={"state": "paid", "receipt": items["MpesaReceiptNumber"], "amount": items["Amount"]},
        )
        Grant.objects.get_or_create(payment=payment)
    return JsonResponse({"ResultCode": 0, "ResultDesc": "Accepted"})


urlpatterns = [path("stk/<int:number>", callback)]
application = get_wsgi_application()


def main() -> None:
    """Make so many payments that wait for their callbacks."""
    with connection.schema_editor() as editor:
        editor.create_model(Payment)
        editor.create_model(Grant)
    numbers = range(int(sys.argv[2]))
    Payment.objects.bulk_create(
        [Payment(checkout_request_id=f"ws_CO_{number}", phone=f"2547{number:08}", amount=250) for number in numbers],
        batch_size=500,
    )


if __name__ == "__main__":
    main()
