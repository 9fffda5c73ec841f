"""What a client can carry out, as generators: ``client.run(sign_in("ana", "..."))``.

`advance` moves the state machine; the rest are its most used openings, and what a signed-in user does by access token.
`with_context` tells Cognito's triggers and threat protection about the request that a flow is run for.
"""

from ..steps.refresh import refresh_tokens as refresh_tokens
from .account import Factors as Factors
from .account import FactorState as FactorState
from .account import associate_software_token as associate_software_token
from .account import change_password as change_password
from .account import delete_account as delete_account
from .account import prefer_mfa as prefer_mfa
from .account import read_factors as read_factors
from .account import verify_software_token as verify_software_token
from .attributes import Account as Account
from .attributes import change_attributes as change_attributes
from .attributes import delete_attributes as delete_attributes
from .attributes import read_account as read_account
from .attributes import send_verification_code as send_verification_code
from .attributes import verify_attribute as verify_attribute
from .context import RequestContext as RequestContext
from .context import with_context as with_context
from .devices import confirm_device as confirm_device
from .devices import forget_device as forget_device
from .devices import list_devices as list_devices
from .devices import remember_device as remember_device
from .machine import advance as advance
from .machine import answer as answer
from .machine import forgot_password as forgot_password
from .machine import sign_in as sign_in
from .machine import sign_in_with_choice as sign_in_with_choice
from .machine import sign_in_with_custom_challenge as sign_in_with_custom_challenge
from .machine import sign_up as sign_up
from .passkeys import delete_passkey as delete_passkey
from .passkeys import list_passkeys as list_passkeys
from .passkeys import register_passkey as register_passkey
from .passkeys import start_passkey as start_passkey
from .sessions import end_session as end_session
from .sessions import list_sessions as list_sessions
