"""Sessions that compile a pipeline without credentials, region or network."""

from __future__ import annotations

import os
import posixpath
from typing import Any, NoReturn


def offline_session(region: str = "us-east-1", bucket: str = "offline") -> Any:
    """Return a pipeline session of the installed SDK that never calls AWS.

    Local code is not uploaded: it gets the S3 URI that it would have in ``bucket``. Whatever else would need AWS
    raises ``RuntimeError``.
    """
    from contracts_runtime.builders.installed import load_sdk

    return load_sdk().offline_session(region, bucket)


class OfflineUploads:
    """What an offline session does differently from the SDK's own."""

    _default_bucket_name_override: str

    def default_bucket(self) -> str:
        """Return the bucket that was given; the SDK's own method asks S3 whether it exists."""
        return self._default_bucket_name_override

    def upload_data(
        self, path: str, bucket: str | None = None, key_prefix: str = "data", **_options: Any
    ) -> str:
        """Return where ``path`` would be uploaded to."""
        place = f"s3://{bucket or self.default_bucket()}/{key_prefix}"
        return place if os.path.isdir(path) else posixpath.join(place, os.path.basename(path))


def local_boto_session(boto3: Any, region: str) -> Any:
    """Return a boto session that raises ``RuntimeError`` instead of sending anything."""
    # Requests are signed before they are refused.
    credentials = dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"), "offline")
    session = boto3.session.Session(region_name=region, **credentials)
    session.events.register("before-send", _refuse)
    return session


def _refuse(request: Any, **_details: Any) -> NoReturn:
    raise RuntimeError(f"an offline session calls no AWS service, and {request.url} was asked for")
