"""The two drivers: they carry out what flows ask for, one synchronously, one asynchronously, both over httpx.

Each effect is carried out in one place of each driver. What an operation sends, what an answer means and when to try again is
pure and stands once, in `cognito_auth.exchange` and `cognito_auth.retry`.
"""

from ..signing import AwsCredentials as AwsCredentials
from .aiohttp_transport import AiohttpTransport as AiohttpTransport
from .asynchronous import AsyncCognitoClient as AsyncCognitoClient
from .blocking import CognitoClient as CognitoClient
from .common import Surroundings as Surroundings
