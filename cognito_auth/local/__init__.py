"""An Amazon Cognito user pool on your own machine: storage, operations, SRP, tokens, codes.

`LocalCognito` speaks Cognito's protocol as a plain object. Nothing leaves the machine: what Cognito would send by mail or text
message waits in the outbox. Needs the extra ``local``.
"""

from ..errors import MissingExtra

try:
    from .pool import LocalCognito as LocalCognito
except ModuleNotFoundError as absent:
    raise MissingExtra("The embedded user pool", "local") from absent

from .authenticator import SoftwareAuthenticator as SoftwareAuthenticator
from .base.reply import Reply as Reply
from .base.triggers import Triggers as Triggers
from .clock import Clock as Clock
from .http.transport import LocalTransport as LocalTransport
from .pools.first_pool import FirstPool as FirstPool
from .store.snapshot import Snapshot as Snapshot
from .users.outbox import Message as Message
