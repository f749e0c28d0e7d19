"""Writes feedback.csv: made-up star ratings for events of the e-commerce log (python generate.py; no packages needed).

Nobody ever gave these ratings. They are drawn from a seeded generator, so that emotion analyses can be shown on the log,
which holds no ratings of its own. Each touchpoint has a mean and a share of visits that are rated; on mobile phones, shipping
is rated worse while the checkout bug of the log's story lasts.
"""

import csv
import gzip
import random
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20260101
# touchpoint: (mean of the stars, share of visits that are rated)
RATED = {
    "home": (3.6, 0.04),
    "search": (3.4, 0.04),
    "catalog": (3.5, 0.03),
    "product_view": (4.0, 0.03),
    "promo_page": (3.1, 0.10),
    "wishlist_add": (4.2, 0.08),
    "add_to_cart": (3.9, 0.08),
    "cart": (3.5, 0.08),
    "shipping_details": (2.0, 0.15),
    "payment_details": (2.6, 0.15),
    "purchase": (4.4, 0.40),
    "support_chat": (2.3, 0.40),
    "review_page": (4.1, 0.30),
}
BUG = ("2024-04-09", "2024-05-10")


def main() -> None:
    draw = random.Random(SEED)
    with gzip.open(HERE.parent / "ecom" / "ecom.csv.gz", "rt", newline="") as file:
        events = list(csv.DictReader(file))
    with open(HERE / "feedback.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["user_id", "event", "timestamp", "stars"])
        for event in events:
            if event["event"] not in RATED:
                continue
            mean, share = RATED[event["event"]]
            bug = event["platform"] == "mobile" and BUG[0] <= event["timestamp"] < BUG[1]
            if event["event"] == "shipping_details" and bug:
                mean -= 0.6
            if draw.random() < share:
                stars = min(5, max(1, round(draw.gauss(mean, 1.0))))
                out.writerow([event["user_id"], event["event"], event["timestamp"], stars])


if __name__ == "__main__":
    main()
