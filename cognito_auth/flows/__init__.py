"""What a client can carry out, as generators: ``client.run(sign_in("ana", "..."))``.

`advance` moves the state machine; the rest are its most used openings, and what a signed-in user does by access token.
"""

from ..steps.refresh import refresh_tokens as refresh_tokens
from .account import FactorState as FactorState
from .account import associate_software_token as associate_software_token
from .account import change_password as change_password
from .account import prefer_mfa as prefer_mfa
from .account import verify_software_token as verify_software_token
from .machine import advance as advance
from .machine import answer as answer
from .machine import forgot_password as forgot_password
from .machine import sign_in as sign_in
from .machine import sign_up as sign_up
