"""Whatever can stop a deploy, as a sentence for the person who runs it."""

from __future__ import annotations

import subprocess

from botocore import exceptions as aws

from infra.site.check import BrokenSiteError
from infra.site.data import BuildError

from .errors import DeployError

HINTS = {
    "ExpiredToken": "The login has run out. Log in again:  aws sso login",
    "ExpiredTokenException": "The login has run out. Log in again:  aws sso login",
    "RequestExpired": "The login has run out. Log in again:  aws sso login",
    "InvalidClientTokenId": "AWS does not know these credentials. Check the profile.",
    "UnrecognizedClientException": "AWS does not know these credentials, or the region is switched off.",
    "SignatureDoesNotMatch": "The secret key does not fit the access key. Check the profile.",
    "AccessDenied": "The role that deploys lacks this right; infra/README.md lists what it needs.",
    "AccessDeniedException": "The role that deploys lacks this right; infra/README.md lists what it needs.",
    "Throttling": "AWS asks for a pause. Wait a minute and run the same command again.",
    "LimitExceededException": "A quota of the account is used up; ask for more in Service Quotas.",
}
LOGIN = "No AWS credentials were found. Log in (aws sso login) or name a profile:  make deploy STAGE=prod PROFILE=…"


SENTENCES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((DeployError,), "{error}"),
    ((aws.NoCredentialsError, aws.PartialCredentialsError, aws.TokenRetrievalError), LOGIN),
    ((aws.SSOTokenLoadError, aws.UnauthorizedSSOTokenError), HINTS["ExpiredToken"]),
    ((aws.ProfileNotFound,), "{error}. `aws configure list-profiles` shows those there are."),
    (
        (aws.InvalidConfigError, aws.ConfigParseError, aws.ConfigNotFound, aws.CredentialRetrievalError, aws.SSOError),
        "{error}\nCheck the profile in ~/.aws/config, or name another:  make deploy STAGE=prod PROFILE=…",
    ),
    ((aws.NoRegionError,), "No region is set. Name one:  make deploy STAGE=prod REGION=eu-central-1"),
    (
        (aws.ConnectionError, aws.HTTPClientError),
        "AWS cannot be reached: {error}. Check network and proxy, then run the same command again.",
    ),
    ((BuildError, BrokenSiteError), "The site was not built, so none of it was uploaded:\n{error}"),
    (
        (subprocess.CalledProcessError,),
        "The functions' packages could not be put together; the lines above say why. Nothing was uploaded.",
    ),
)


def in_words(error: Exception) -> str | None:
    """The sentence; None for a fault of ours, which wants its traceback."""
    if isinstance(error, aws.ClientError):
        told, code = error.response["Error"], error.response["Error"].get("Code", "")
        hint = HINTS.get(code, "Nothing more was changed; what is half done is finished by the same command again.")
        return f"AWS refused {error.operation_name}: {told.get('Message', code)}\n{hint}"
    return next((text.format(error=error) for kinds, text in SENTENCES if isinstance(error, kinds)), None)
