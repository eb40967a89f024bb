"""What Schemathesis cannot know from docs/openapi.json: how requests are signed, and what no schema says of them."""

import itertools
import os
import unicodedata
from urllib.parse import urlsplit

import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import strategies as st
from requests.auth import AuthBase


class Signed(AuthBase):
    """Signs a request as it goes out."""

    def __call__(self, request):
        # A signature is of a space as %20; requests writes the + of forms.
        request.url = request.url.replace("+", "%20")
        headers = {"host": urlsplit(request.url).netloc}
        signed = AWSRequest(request.method, request.url, headers, request.body)
        SigV4Auth(Credentials("local", "local"), "execute-api", os.environ["AWS_REGION"]).add_auth(signed)
        request.headers.update(signed.headers)
        return request


CALLER = os.environ["CONTRACT_CALLER"]
if CALLER == "signer":
    schemathesis.auth.set_from_requests(Signed())

# What a person sees, in NFC: no schema says it.
visible = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="\u2800\ufffd"), min_size=1)
schemathesis.openapi.format("product", visible.filter(lambda text: unicodedata.is_normalized("NFC", text)))


def with_own_ids(orders):
    """The orders, none with the id of another: a schema cannot ask for that."""
    free = itertools.count(1)
    taken = set()
    for order in orders:
        if isinstance(order, dict) and isinstance(order.get("order_id"), (int, float)):
            while order["order_id"] in taken:
                order = {**order, "order_id": next(free)}
            taken.add(order["order_id"])
        yield order


# In time, and in order: no schema says what time it is, or which of two instants is the later.
TERMS = {
    "valid_until": "2999-01-01T00:00:00Z",
    "delivery_start": "2999-01-02T00:00:00+01:00",
    "delivery_end": "2999-01-02T00:15:00+01:00",
}
DELIVERY = ("delivery_start", "delivery_end")


def with_terms_in_time(orders):
    for order in orders:
        if isinstance(order, dict):
            named = set(order) & set(TERMS)
            named |= set(DELIVERY) if named & set(DELIVERY) else set()
            order = {**order, **{name: TERMS[name] for name in named}}
        yield order


def within_limits(orders):
    """Which orders an environment takes is for its file to say: the local one takes all but those of no power."""
    for order in orders:
        if isinstance(order, dict) and order.get("power") == 0:
            order = {**order, "power": 1}
        yield order


SPAN = ("delivery_from", "delivery_to")


def list_of(query):
    """What a cursor is of."""
    return tuple((query or {}).get(name) for name in ("status", *SPAN))


# The last cursor of each list: one that nobody was given is refused.
cursors = {}


@schemathesis.hook
def before_call(context, case, kwargs):
    if not case.meta or not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.body, dict) and isinstance(case.body.get("orders"), list):
        case.body = {**case.body, "orders": list(within_limits(with_terms_in_time(with_own_ids(case.body["orders"]))))}
    span = {name: TERMS[term] for name, term in zip(SPAN, DELIVERY) if name in (case.query or {})}
    if span:
        case.query = {**case.query, **span}
    if "cursor" in (case.query or {}):
        given = cursors.get(list_of(case.query))
        others = {name: value for name, value in case.query.items() if name != "cursor"}
        case.query = others if given is None else {**others, "cursor": given}


# The orders that were cancelled: they are kept, and stay cancelled.
cancelled = set()


@schemathesis.hook
def after_call(context, case, response):
    if case.method.upper() == "DELETE" and response.status_code == 200:
        cancelled.add(str(response.json()["order_id"]))
    if case.path == "/orders" and case.method.upper() == "GET" and response.status_code == 200:
        cursor = response.json().get("cursor")
        if cursor is not None:
            cursors[list_of(case.query)] = cursor


@schemathesis.check
def other_methods_are_no_routes(ctx, response, case):
    """An HTTP API answers 404 where Schemathesis' own check asks for 405."""
    documented = case.operation.schema.raw_schema["paths"][case.path]
    if CALLER != "stranger" and case.method.lower() not in documented:
        assert (response.status_code, response.json()) == (404, {"message": "Not Found"})


@schemathesis.check
def whoever_signs_is_let_in_and_nobody_else(ctx, response, case):
    """No check of Schemathesis' own minds a 403."""
    if CALLER == "anybody":
        return
    is_signed = "Credential=local/" in response.request.headers.get("Authorization", "")
    assert is_signed or CALLER == "stranger" or case.meta.generation.mode.is_negative
    assert (response.status_code == 403) is not is_signed


@schemathesis.check
def a_cancelled_order_is_shown_as_cancelled(ctx, response, case):
    """Schemathesis' own check asks for 404 of what was deleted; an order is kept for the audit."""
    if case.path == "/orders/{order_id}" and case.method.upper() == "GET" and response.status_code in (200, 404):
        if str(case.path_parameters["order_id"]) in cancelled:
            assert (response.status_code, response.json().get("status")) == (200, "cancelled")


@schemathesis.check
def only_orders_are_unfinished(ctx, response, case):
    """A busy machine may not store a thousand orders in time; it says so, and when to go on. Nothing else may fail."""
    if response.status_code >= 500:
        assert response.json()["title"] == "Not all orders could be stored in time"
        assert int(response.headers["retry-after"][0]) > 0
