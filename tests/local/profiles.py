"""What tests of attributes share: a user with a verified address, and the operations that change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cognito_auth.api.account import (
    DeleteUserAttributes,
    GetUserAttributeVerificationCode,
    UpdateUserAttributes,
    VerifyUserAttribute,
)
from cognito_auth.api.pool_settings import UserAttributeUpdateSettings
from cognito_auth.api.users import AdminDeleteUserAttributes, AdminGetUser, AdminUpdateUserAttributes

from .support import App, listed, new_app

OLD: Final = "ana@example.com"
NEW: Final = "ana@example.org"
VERIFIED: Final = {"email": OLD, "email_verified": "true"}


def update(app: App, access: str, changes: Mapping[str, str]) -> list[tuple[str | None, str | None, str | None]]:
    """By the user; returns destination, medium and attribute of each code that was sent."""
    reply = app.send(UpdateUserAttributes(access_token=access, user_attributes=listed(changes)))
    sent = reply.code_delivery_details_list
    assert sent is not None
    return [(each.destination, each.delivery_medium, each.attribute_name) for each in sent]


def admin_update(app: App, changes: Mapping[str, str], username: str = "ana") -> None:
    request = AdminUpdateUserAttributes(user_pool_id=app.pool_id, username=username, user_attributes=listed(changes))
    app.send(request)


def admin_delete(app: App, *names: str) -> None:
    app.send(AdminDeleteUserAttributes(user_pool_id=app.pool_id, username="ana", user_attribute_names=names))


def delete(app: App, access: str, *names: str) -> None:
    app.send(DeleteUserAttributes(access_token=access, user_attribute_names=names))


def send_code(app: App, access: str, attribute: str = "email") -> Any:
    request = GetUserAttributeVerificationCode(access_token=access, attribute_name=attribute)
    return app.send(request).code_delivery_details


def verify(app: App, access: str, code: str | None = None, attribute: str = "email") -> None:
    given = code or app.last_message().code
    app.send(VerifyUserAttribute(access_token=access, attribute_name=attribute, code=given))


def attributes_of(app: App, username: str = "ana") -> dict[str, str | None]:
    """Without the sub, which comes first."""
    found = app.send(AdminGetUser(user_pool_id=app.pool_id, username=username)).user_attributes
    assert found is not None
    assert found[0].name == "sub"
    return {each.name: each.value for each in found[1:]}


def signed_in_app(
    *, pool: dict[str, Any] | None = None, attributes: dict[str, str] = VERIFIED, **client: Any
) -> tuple[App, str]:
    """An app with the user ana, and ana's access token."""
    app = new_app(pool=pool, **client)
    app.create_user("ana", **attributes)
    return app, app.tokens("ana").access_token or ""


def keeping(*attributes: str) -> dict[str, Any]:
    settings = UserAttributeUpdateSettings(attributes_require_verification_before_update=attributes)
    return {"user_attribute_update_settings": settings, "auto_verified_attributes": ("email", "phone_number")}
