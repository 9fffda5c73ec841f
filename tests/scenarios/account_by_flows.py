"""What a signed-in person does with the own account at a program: each endpoint's work, done by flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from cognito_auth import flows
from cognito_auth.api.wire import document, to_json

from .program import Deed, Members, Program, sent_to

_REMEMBERED: Final = {"remembered": True, "not_remembered": False}


def _account(me: Program, _: Members) -> Members:
    account = me.run(flows.read_account(me.access_token))
    return {"username": account.username, "attributes": dict(account.attributes)}


def _change(me: Program, given: Members) -> Members:
    outcome = me.run(flows.change_attributes(me.access_token, given["attributes"]))
    told = {
        name: {"status": "code_sent", **sent_to(sent)} if sent is not None else {"status": "changed"}
        for name, sent in outcome.items()
    }
    return {"status": "changed", "attributes": told}


def _delete_attributes(me: Program, given: Members) -> Members:
    me.run(flows.delete_attributes(me.access_token, given["names"]))
    return {"status": "deleted", "names": given["names"]}


def _send_code(me: Program, given: Members) -> Members:
    sent = me.run(flows.send_verification_code(me.access_token, given["attribute"]))
    return {"status": "code_sent", **sent_to(sent)}


def _verify(me: Program, given: Members) -> Members:
    me.run(flows.verify_attribute(me.access_token, given["attribute"], given["code"]))
    return {"status": "verified", "attribute": given["attribute"]}


def _delete(me: Program, _: Members) -> Members:
    me.run(flows.delete_account(me.access_token))
    return {"status": "deleted", "username": me.held.username}


def _factors(me: Program, _: Members) -> Members:
    factors = me.run(flows.read_factors(me.access_token))
    named = {"software_token": factors.software_token, "sms": factors.sms, "email": factors.email}
    return {**named, "configured": list(factors.configured)}


def _set_up_app(me: Program, _: Members) -> Members:
    return {"secret_code": me.run(flows.associate_software_token(me.access_token))}


def _verify_app(me: Program, given: Members) -> Members:
    me.run(flows.verify_software_token(me.access_token, given["code"], device_name=given.get("device_name")))
    me.run(flows.prefer_mfa(me.access_token, software_token="preferred"))
    return {"status": "verified", "software_token": "preferred"}


def _prefer(me: Program, given: Members) -> Members:
    me.run(flows.prefer_mfa(me.access_token, **given))
    return {"status": "changed", **given}


def _switch_off(factor: str) -> Deed:
    def deed(me: Program, _: Members) -> Members:
        wish: dict[str, Any] = {factor: "off"}
        me.run(flows.prefer_mfa(me.access_token, **wish))
        return {"status": "switched_off", "factor": factor}

    return deed


def _devices(me: Program, _: Members) -> Members:
    return {"devices": [_device(me, listed) for listed in me.run(flows.list_devices(me.access_token))]}


def _device(me: Program, listed: Any) -> dict[str, Any]:
    attributes = {each.name: each.value for each in listed.device_attributes or ()}
    return {
        "device_key": listed.device_key,
        "name": attributes.get("device_name"),
        "remembered": _REMEMBERED.get(attributes.get("dev:device_remembered_status", "")),
        "current": listed.device_key == me.user.token.device_key,
    }


def _confirm_device(me: Program, given: Members) -> Members:
    me.device = me.run(flows.confirm_device(me.held, name=given.get("device_name")))
    me.signed_in = replace(me.held, device=me.device)
    return {"status": "confirmed", "device_key": me.device.key, "user_decides": me.device.user_decides}


def _remember(me: Program, given: Members) -> Members:
    me.run(flows.remember_device(me.access_token, given["device_key"], remembered=given["remembered"]))
    return {"status": "remembered" if given["remembered"] else "not_remembered", "device_key": given["device_key"]}


def _forget(me: Program, given: Members) -> Members:
    me.run(flows.forget_device(me.access_token, given["device_key"]))
    return {"status": "forgotten", "device_key": given["device_key"]}


def _passkeys(me: Program, _: Members) -> Members:
    listed = me.run(flows.list_passkeys(me.access_token))
    shown = [{"credential_id": each.credential_id, "relying_party_id": each.relying_party_id} for each in listed]
    return {"passkeys": shown}


def _passkey_options(me: Program, _: Members) -> Members:
    return {"options": to_json(me.run(flows.start_passkey(me.access_token)))}


def _register_passkey(me: Program, given: Members) -> Members:
    me.run(flows.register_passkey(me.access_token, document(given["credential"], "credential")))
    return {"status": "registered"}


def _delete_passkey(me: Program, given: Members) -> Members:
    me.run(flows.delete_passkey(me.access_token, given["credential_id"]))
    return {"status": "deleted", "credential_id": given["credential_id"]}


def _sessions(me: Program, _: Members) -> Members:
    listed = me.run(flows.list_sessions(me.access_token))
    return {"sessions": [{"session_id": each.session_id, "current": bool(each.is_current_session)} for each in listed]}


def _end_session(me: Program, given: Members) -> Members:
    me.run(flows.end_session(me.access_token, given["session_id"], linked=given.get("linked", False)))
    return {"status": "ended", "session_id": given["session_id"]}


ACCOUNT: Final[Mapping[str, Deed]] = {
    "account": _account,
    "account_change": _change,
    "account_delete": _delete,
    "account_attributes_delete": _delete_attributes,
    "account_verification": _send_code,
    "account_verification_confirm": _verify,
    "mfa": _factors,
    "mfa_totp_setup": _set_up_app,
    "mfa_totp_verify": _verify_app,
    "mfa_preference": _prefer,
    "mfa_totp_remove": _switch_off("software_token"),
    "mfa_sms_remove": _switch_off("sms"),
    "mfa_email_remove": _switch_off("email"),
    "devices": _devices,
    "devices_confirm": _confirm_device,
    "devices_remember": _remember,
    "devices_forget": _forget,
    "passkeys": _passkeys,
    "passkeys_options": _passkey_options,
    "passkeys_register": _register_passkey,
    "passkeys_delete": _delete_passkey,
    "sessions": _sessions,
    "sessions_end": _end_session,
}
