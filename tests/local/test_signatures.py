"""AWS Signature Version 4 at a pool that was given keys: other people's signers pass, and whatever was changed is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

import anyio
import boto3
import httpx
import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from cognito_auth import AsyncCognitoClient, AwsCredentials, CognitoAuthError, CognitoClient, Secret, Settings
from cognito_auth.api.pools import DescribeUserPool
from cognito_auth.local import Clock, LocalCognito, LocalTransport
from cognito_auth.local.base.aws_signature import read
from cognito_auth.local.base.faults import Fault
from cognito_auth.local.base.request import Request
from cognito_auth.local.base.signatures import Signatures, canonical_request, expected
from cognito_auth.local.http.face import respond
from cognito_auth.local.http.server import running
from cognito_auth.local.operations import BY_NAME
from tests.support.service_model import service_model

from .support import START

KEY: Final = AwsCredentials(access_key_id="AKIDEXAMPLE", secret_access_key=Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
SESSION: Final = AwsCredentials(
    access_key_id="ASIAEXAMPLE", secret_access_key=Secret("temporary"), session_token=Secret("to/ke+n==")
)
REGION: Final = "eu-west-1"
TARGET: Final = "AWSCognitoIdentityProviderService."


@pytest.fixture(scope="module")
def cognito() -> Iterator[LocalCognito]:
    with closing(LocalCognito(region=REGION, credentials=[KEY, SESSION])) as pool:
        yield pool


@pytest.fixture(scope="module")
def endpoint(cognito: LocalCognito) -> Iterator[str]:
    with running(cognito) as url:
        yield url


def botocore_credentials(key: AwsCredentials) -> Any:
    token = key.session_token
    return Credentials(key.access_key_id, key.secret_access_key.reveal(), token.reveal() if token else None)


def signed(
    request: AWSRequest, key: AwsCredentials = KEY, *, signer: Any = SigV4Auth, region: str = REGION, **more: Any
) -> Any:
    """The request with botocore's own signature, as httpx sends it."""
    signer(botocore_credentials(key), "cognito-idp", region, **more).add_auth(request)
    prepared: Any = request.prepare()
    return httpx.Request(prepared.method, prepared.url, headers=dict(prepared.headers), content=prepared.body)


def operation(endpoint: str, name: str, **members: Any) -> AWSRequest:
    headers = {"X-Amz-Target": f"{TARGET}{name}", "Content-Type": "application/x-amz-json-1.1"}
    return AWSRequest(method="POST", url=endpoint, data=json.dumps(members).encode(), headers=headers)


def query(endpoint: str, name: str, **members: str) -> AWSRequest:
    return AWSRequest(method="GET", url=f"{endpoint}/?{urlencode({'Action': name, **members}, quote_via=quote)}")


def answer(request: httpx.Request) -> tuple[int, Mapping[str, Any]]:
    with httpx.Client() as web:
        reply = web.send(request)
    return reply.status_code, reply.json()


# Other people's signers


def admin(endpoint: str, key: AwsCredentials = KEY, *, region: str = REGION) -> Any:
    made: Any = boto3
    token = key.session_token
    return made.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key.reveal(),
        aws_session_token=token.reveal() if token else None,
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.mark.parametrize("key", [KEY, SESSION], ids=["key", "session"])
def test_boto3_with_the_right_key(endpoint: str, cognito: LocalCognito, key: AwsCredentials) -> None:
    pool = cognito.first_pool().user_pool_id
    assert admin(endpoint, key).describe_user_pool(UserPoolId=pool)["UserPool"]["Id"] == pool
    described = admin(endpoint, key).create_group(UserPoolId=pool, GroupName=f"ü-{key.access_key_id}", Description="a  b\n=&?")
    assert described["Group"]["Description"] == "a  b\n=&?"


WRONG: Final = "InvalidSignatureException"
UNKNOWN: Final = "UnrecognizedClientException"
MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and"
    " signing method. Consult the service documentation for details."
)
TOKEN_INVALID: Final = "The security token included in the request is invalid."


@pytest.mark.parametrize(
    ("key", "region", "code", "text"),
    [
        pytest.param(replace(KEY, secret_access_key=Secret("other")), REGION, WRONG, MISMATCH, id="secret"),
        pytest.param(replace(KEY, access_key_id="AKIDOTHER"), REGION, UNKNOWN, TOKEN_INVALID, id="key id"),
        pytest.param(replace(KEY, session_token=Secret("x")), REGION, UNKNOWN, TOKEN_INVALID, id="a token for a key without"),
        pytest.param(replace(SESSION, session_token=None), REGION, UNKNOWN, TOKEN_INVALID, id="no token"),
        pytest.param(replace(SESSION, session_token=Secret("x")), REGION, UNKNOWN, TOKEN_INVALID, id="another token"),
        pytest.param(KEY, "us-east-1", WRONG, "Credential should be scoped to a valid region, not 'us-east-1'.", id="region"),
    ],
)
def test_boto3_with_a_wrong_key(endpoint: str, key: AwsCredentials, region: str, code: str, text: str) -> None:
    with pytest.raises(ClientError) as refused:
        admin(endpoint, key, region=region).list_user_pools(MaxResults=1)
    told: Any = refused.value
    assert told.response["Error"] == {"Code": code, "Message": text}
    assert told.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_operations_of_users_need_no_signature(endpoint: str) -> None:
    with pytest.raises(ClientError, match="Invalid Access Token"):
        admin(endpoint, replace(KEY, secret_access_key=Secret("other"))).get_user(AccessToken="a.b.c")
    assert answer(httpx.Request("GET", f"{endpoint}/?Action=GetUser&AccessToken=a.b"))[1]["__type"] == "NotAuthorizedException"


def settings(cognito: LocalCognito) -> Settings:
    pool = cognito.first_pool()
    given = {
        "COGNITO_ENDPOINT": cognito.endpoint,
        "COGNITO_USER_POOL_ID": pool.user_pool_id,
        "COGNITO_CLIENT_ID": pool.client_id,
    }
    return Settings.from_mapping(given)


@pytest.mark.parametrize("direct", [False, True], ids=["server", "transport"])
@pytest.mark.parametrize("key", [KEY, SESSION], ids=["key", "session"])
@pytest.mark.usefixtures("endpoint")
def test_our_own_client(cognito: LocalCognito, key: AwsCredentials, *, direct: bool) -> None:
    transport = LocalTransport(cognito) if direct else None
    with CognitoClient(settings(cognito), credentials=key, transport=transport) as client:
        assert client.send(DescribeUserPool()).user_pool is not None
    wrong = replace(key, secret_access_key=Secret("other"))
    with (
        CognitoClient(settings(cognito), credentials=wrong, transport=transport) as client,
        pytest.raises(CognitoAuthError, match="The request signature we calculated does not match"),
    ):
        client.send(DescribeUserPool())


@pytest.mark.usefixtures("endpoint")
def test_our_own_asynchronous_client(cognito: LocalCognito) -> None:
    async def scenario() -> bool:
        async with AsyncCognitoClient(settings(cognito), credentials=KEY) as client:
            return (await client.send(DescribeUserPool())).user_pool is not None

    assert anyio.run(scenario)


@pytest.mark.parametrize("signer", [SigV4Auth, SigV4QueryAuth], ids=["header", "presigned"])
@pytest.mark.parametrize("key", [KEY, SESSION], ids=["key", "session"])
def test_botocore_signs_the_query_form(endpoint: str, cognito: LocalCognito, signer: Any, key: AwsCredentials) -> None:
    pool = cognito.first_pool().user_pool_id
    name = f"{signer.__name__} ü+&=~*'(/{key.access_key_id}".replace(" ", "")
    request = signed(query(endpoint, "CreateGroup", UserPoolId=pool, GroupName=name, Description="a b"), key, signer=signer)
    status, reply = answer(request)
    assert (status, reply.get("message")) == (200, None)
    assert (reply["Group"]["GroupName"], reply["Group"]["Description"]) == (name, "a b")
    for changed in ("GroupName=other", "Description=a%20c"):
        member = changed.partition("=")[0]
        parts = [changed if part.startswith(member) else part for part in str(request.url).split("&")]
        tampered = httpx.Request("GET", "&".join(parts), headers=request.headers)
        assert answer(tampered) == (400, {"__type": WRONG, "message": MISMATCH})


# What is changed after signing


def changed(request: httpx.Request, *, content: bytes | None = None, drop: str = "", **headers: str) -> httpx.Request:
    kept = {name: value for name, value in request.headers.items() if name not in (drop, "content-length")}
    given = {**kept, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return httpx.Request(request.method, request.url, headers=given, content=request.read() if content is None else content)


NOT_SIGNED: Final = "'{}' must be a 'SignedHeader' in the AWS Authorization."
CHANGES: Final[list[tuple[str, dict[str, Any], str, str]]] = [
    ("body", {"content": b'{"MaxResults": 9}'}, WRONG, MISMATCH),
    ("target", {"x_amz_target": f"{TARGET}CreateUserPool"}, WRONG, MISMATCH),
    ("content type", {"content_type": "application/json"}, WRONG, MISMATCH),
    ("host", {"host": "localhost"}, WRONG, MISMATCH),
    ("a header that was not signed", {"x_amz_meta": "1"}, WRONG, NOT_SIGNED.format("x-amz-meta")),
    ("a header that does not matter", {"x_other": "1"}, "", ""),
    (
        "no date",
        {"drop": "x-amz-date"},
        "IncompleteSignatureException",
        "Authorization header requires existence of a 'X-Amz-Date' header.",
    ),
    ("no signature", {"drop": "authorization"}, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    (
        "no date that is one",
        {"x_amz_date": "yesterday"},
        "IncompleteSignatureException",
        "Date must be in ISO-8601 'basic format'. Got 'yesterday'.",
    ),
    (
        "a day that is none",
        {"x_amz_date": "20261332T000000Z"},
        "IncompleteSignatureException",
        "Date must be in ISO-8601 'basic format'. Got '20261332T000000Z'.",
    ),
    (
        "another day",
        {"x_amz_date": "20200101T000000Z"},
        WRONG,
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ",
    ),
]


@pytest.mark.parametrize(("change", "code", "text"), [pytest.param(*case[1:], id=case[0]) for case in CHANGES])
def test_changes(endpoint: str, change: dict[str, Any], code: str, text: str) -> None:
    request = signed(operation(endpoint, "ListUserPools", MaxResults=1))
    status, reply = answer(changed(request, **change))
    assert (status, reply.get("__type", "")) == ((400, code) if code else (200, ""))
    assert reply.get("message", "").startswith(text)


@pytest.mark.parametrize(
    ("old", "new", "code", "text"),
    [
        ("SignedHeaders=content-type;host;", "SignedHeaders=content-type;", WRONG, NOT_SIGNED.format("host")),
        (";x-amz-target", "", WRONG, NOT_SIGNED.format("x-amz-target")),
        (";x-amz-date", "", WRONG, NOT_SIGNED.format("x-amz-date")),
        ("content-type;host", "host;content-type", WRONG, MISMATCH),
        ("Signature=", "Signature=0", WRONG, "Signature must be 64 hexadecimal digits."),
        ("Signature=", "Signature=x, Signature=", "IncompleteSignatureException", "Authorization header has a parameter"),
        ("/cognito-idp/", "/s3/", WRONG, "Credential should be scoped to correct service: 'cognito-idp'."),
        ("aws4_request", "aws5_request", "IncompleteSignatureException", "Credential must have the form"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512", "IncompleteSignatureException", "Authorization header must begin with"),
    ],
    ids=lambda value: value[:30],
)  # fmt: skip
def test_changes_of_the_signature(endpoint: str, old: str, new: str, code: str, text: str) -> None:
    request = signed(operation(endpoint, "ListUserPools", MaxResults=1))
    header = request.headers["authorization"]
    assert old in header
    status, reply = answer(changed(request, authorization=header.replace(old, new)))
    assert (status, reply["__type"]) == (400, code)
    assert reply["message"].startswith(text)


@pytest.mark.parametrize("place", range(0, 64, 9))
def test_every_digit_counts(endpoint: str, place: int) -> None:
    request = signed(operation(endpoint, "ListUserPools", MaxResults=1))
    start, digits = request.headers["authorization"][:-64], request.headers["authorization"][-64:]
    other = digits[:place] + ("1" if digits[place] == "0" else "0") + digits[place + 1 :]
    assert answer(changed(request, authorization=start + other)) == (400, {"__type": WRONG, "message": MISMATCH})


def test_a_signature_is_in_one_place(endpoint: str) -> None:
    presigned = signed(query(endpoint, "ListUserPools", MaxResults="1"), signer=SigV4QueryAuth)
    header = signed(operation(endpoint, "ListUserPools", MaxResults=1)).headers["authorization"]
    assert answer(presigned)[0] == 200
    status, reply = answer(changed(presigned, authorization=header))
    assert (status, reply["__type"]) == (400, "IncompleteSignatureException")
    assert reply["message"] == "Only one of the Authorization header and the query may have a signature."


PARTS: Final = ("Algorithm", "Credential", "Date", "SignedHeaders", "Signature")


@pytest.mark.parametrize("part", PARTS)
def test_a_presigned_query_is_complete(endpoint: str, part: str) -> None:
    request = signed(query(endpoint, "ListUserPools", MaxResults="1"), signer=SigV4QueryAuth)
    parts = [field for field in str(request.url).split("&") if not field.startswith(f"X-Amz-{part}=")]
    told = f"AWS query-string parameters must include 'X-Amz-{part}'. Re-examine the query-string parameters."
    reply = answer(httpx.Request("GET", "&".join(parts)))
    assert reply == (400, {"__type": "IncompleteSignatureException", "message": told})


@pytest.mark.parametrize("expires", ["0", "604801", "1e3", "-1", "", "\uff19"])
def test_a_presigned_query_says_how_long_it_is_good(endpoint: str, expires: str) -> None:
    request = signed(query(endpoint, "ListUserPools", MaxResults="1"), signer=SigV4QueryAuth)
    url = str(request.url).replace("X-Amz-Expires=3600", f"X-Amz-Expires={quote(expires)}")
    told = "X-Amz-Expires must be a number of seconds from 1 to 604800."
    assert answer(httpx.Request("GET", url)) == (400, {"__type": "IncompleteSignatureException", "message": told})


# Time

STAMPED: Final = "20260308T040506Z"
"""The pool's time in the tests below, without its quarter of a second."""
CASES: Final[list[tuple[str, dict[str, str], str]]] = [
    ("20260308T040506Z", {}, ""),
    ("20260308T035006Z", {}, ""),
    ("20260308T042006Z", {}, ""),
    (
        "20260308T035005Z",
        {},
        "Signature expired: 20260308T035005Z is now earlier than 20260308T035006Z (20260308T040506Z - 15 min.)",
    ),
    (
        "20260308T042007Z",
        {},
        "Signature not yet current: 20260308T042007Z is still later than 20260308T042006Z (20260308T040506Z + 15 min.)",
    ),
    ("20260308T040406Z", {"X-Amz-Expires": "60"}, ""),
    (
        "20260308T040405Z",
        {"X-Amz-Expires": "60"},
        "Signature expired: 20260308T040405Z is now earlier than 20260308T040406Z (20260308T040506Z - 1 min.)",
    ),
    (
        "20260308T040435Z",
        {"X-Amz-Expires": "30"},
        "Signature expired: 20260308T040435Z is now earlier than 20260308T040436Z (20260308T040506Z - 30 s.)",
    ),
    (
        "20260308T035005Z",
        {"X-Amz-Expires": "604800"},
        "Signature expired: 20260308T035005Z is now earlier than 20260308T035006Z (20260308T040506Z - 15 min.)",
    ),
]


def presigned(stamp: str, fields: Mapping[str, str] | None = None, *, key: AwsCredentials = KEY) -> Request:
    """A presigned request that says it was signed at ``stamp``."""
    given = {
        "Action": "ListUserPools",
        "MaxResults": "1",
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{KEY.access_key_id}/{stamp[:8]}/{REGION}/cognito-idp/aws4_request",
        "X-Amz-Date": stamp,
        "X-Amz-SignedHeaders": "host",
        **(fields or {}),
    }
    unsigned = Request(method="GET", query=urlencode({**given, "X-Amz-Signature": "0" * 64}), headers={"host": "localhost"})
    digits = expected(unsigned, read(unsigned), time=stamp, secret=key.secret_access_key.reveal())
    return replace(unsigned, query=urlencode({**given, "X-Amz-Signature": digits}))


@pytest.mark.parametrize(("stamp", "fields", "text"), CASES)
def test_the_window_is_by_the_clock_of_the_pool(stamp: str, fields: dict[str, str], text: str) -> None:
    with closing(LocalCognito(region=REGION, credentials=[KEY], clock=Clock(lambda: START))) as cognito:
        reply = respond(cognito, presigned(stamp, fields))
        assert (reply.status, json.loads(reply.body).get("message", "")) == ((400, text) if text else (200, ""))


def test_a_signature_ends_when_the_clock_moves(endpoint: str) -> None:
    with closing(LocalCognito(region=REGION, credentials=[KEY], clock=Clock(lambda: START))) as cognito:
        request = presigned(STAMPED)
        assert respond(cognito, request).status == 200
        cognito.clock.move(900)
        assert respond(cognito, request).status == 200
        cognito.clock.move(1)
        assert json.loads(respond(cognito, request).body)["message"].startswith("Signature expired: ")


# The canonical form


def test_the_example_of_the_specification() -> None:
    """The headers and the query of AWS's published example of a request to IAM, with the hash that it gives."""
    request = Request(
        method="GET",
        query="Action=ListUsers&Version=2010-05-08",
        headers={
            "host": "iam.amazonaws.com",
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "x-amz-date": "20150830T123600Z",
            "authorization": (
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/cognito-idp/aws4_request, "
                f"SignedHeaders=content-type;host;x-amz-date, Signature={'0' * 64}"
            ),
        },
    )
    digest = hashlib.sha256(canonical_request(request, read(request)).encode()).hexdigest()
    assert digest == "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"


TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES: Final = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


@given(
    st.dictionaries(TEXTS, TEXTS, max_size=5),
    st.dictionaries(st.from_regex(r"x-[a-z]{1,8}", fullmatch=True), VALUES, max_size=4),
    st.binary(max_size=40),
    st.sampled_from([KEY, SESSION]),
    st.booleans(),
)
def test_botocore_and_we_agree(
    fields: dict[str, str], headers: dict[str, str], body: bytes, key: AwsCredentials, in_query: bool
) -> None:
    """Whatever the query, the headers and the body are, botocore's signature is true, and is not with another body."""
    url = "http://localhost:9/?" + urlencode({"a": "", **fields}, quote_via=quote)
    # Of a presigned request botocore moves the body into the query.
    made = AWSRequest(method="POST", url=url, data=b"" if in_query else body, headers=headers)
    signer: Any = SigV4QueryAuth if in_query else SigV4Auth
    signer(botocore_credentials(key), "cognito-idp", REGION).add_auth(made)
    prepared: Any = made.prepare()
    sent = {name.lower(): value for name, value in prepared.headers.items()}
    request = Request(query=prepared.url.partition("?")[2], headers={"host": "localhost:9", **sent}, body=prepared.body or b"")
    signature = read(request)
    assert signature.time is not None
    secret = key.secret_access_key.reveal()
    assert expected(request, signature, time=signature.time, secret=secret) == signature.digits
    other = replace(request, body=request.body + b".")
    assert expected(other, signature, time=signature.time, secret=secret) != signature.digits


# Secrets, and pools without keys


def test_nothing_secret_is_shown() -> None:
    request = presigned(STAMPED)
    secret = KEY.secret_access_key.reveal()
    shown = repr((request, read(request), KEY, Signatures([KEY], REGION)))
    assert secret not in shown
    assert read(request).digits not in shown
    with pytest.raises(Fault) as refused:
        Signatures([KEY], REGION).check(presigned(STAMPED, key=replace(KEY, secret_access_key=Secret("other"))), START)
    assert secret not in str(refused.value)
    assert read(request).digits not in str(refused.value)


def test_a_pool_without_keys_takes_any(web_without_keys: httpx.Client) -> None:
    endpoint = str(web_without_keys.base_url)
    for key in (KEY, SESSION, replace(KEY, secret_access_key=Secret("other"))):
        for signer in (SigV4Auth, SigV4QueryAuth):
            request = signed(query(endpoint, "ListUserPools", MaxResults="1"), key, signer=signer, region="us-west-2")
            assert answer(request)[0] == 200
    assert answer(httpx.Request("GET", f"{endpoint}/?Action=ListUserPools&MaxResults=1"))[1] == {
        "__type": "MissingAuthenticationTokenException",
        "message": "Missing Authentication Token",
    }


@pytest.fixture
def web_without_keys() -> Iterator[httpx.Client]:
    with closing(LocalCognito()) as cognito, running(cognito) as url, httpx.Client(base_url=url) as web:
        yield web


def test_every_operation_that_is_signed_says_so() -> None:
    model = service_model()
    for name, (kind, _) in BY_NAME.items():
        assert kind.signed == (model.operation_model(name).auth_type != "none"), name
