"""Charging as Daraja's sample code does it: `requests`, and an access token fetched for each prompt.

python -m tests.bench.baselines.sample_charge URL COUNT prints as JSON the seconds and the processor's seconds of each.
"""

import base64
import json
import sys
import time
from datetime import datetime

import requests

KEY, SECRET, PASSKEY, SHORT_CODE = "practice-key", "practice-secret", "practice-passkey", "174379"


def charge(url: str, number: int) -> None:
    """Prompt one customer.

    Raises:
        requests.HTTPError: M-PESA refused.
    """
    answer = requests.get(f"{url}/oauth/v1/generate?grant_type=client_credentials", auth=(KEY, SECRET), timeout=30)
    answer.raise_for_status()
    stamp = datetime.now().strftime("%Y%m%d%H%M%S")
    asked = {
        "BusinessShortCode": SHORT_CODE,
        "Password": base64.b64encode(f"{SHORT_CODE}{PASSKEY}{stamp}".encode()).decode(),
        "Timestamp": stamp,
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 30,
        "PartyA": f"2547{number:08}",
        "PartyB": SHORT_CODE,
        "PhoneNumber": f"2547{number:08}",
        "CallBackURL": "https://shop.example.co.ke/callback",
        "AccountReference": "SHOP",
        "TransactionDesc": "Tea",
    }
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    pushed = requests.post(f"{url}/mpesa/stkpush/v1/processrequest", json=asked, headers=bearer, timeout=30)
    pushed.raise_for_status()


def main() -> None:
    """Charge so many."""
    url, count = sys.argv[1], int(sys.argv[2])
    charge(url, 0)  # what is made once is not counted
    begun, used = time.perf_counter(), time.process_time()
    for number in range(1, count + 1):
        charge(url, number)
    took, spent = time.perf_counter() - begun, time.process_time() - used
    print(json.dumps({"seconds": took / count, "processor": spent / count}))


if __name__ == "__main__":
    main()
