"""An Amazon Cognito user pool on your own machine: storage, operations, SRP, tokens, codes.

`LocalCognito` speaks Cognito's protocol as a plain object. Nothing leaves the machine: what Cognito would send by mail or text
message waits in the outbox. Needs the extra ``local``.
"""

from ..errors import MissingExtra

try:
    from .pool import LocalCognito as LocalCognito
except ModuleNotFoundError as absent:
    raise MissingExtra("The embedded user pool", "local") from absent

from .clock import Clock as Clock
from .first_pool import FirstPool as FirstPool
from .outbox import Message as Message
from .reply import Reply as Reply
from .transport import LocalTransport as LocalTransport
