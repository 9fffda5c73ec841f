"""Verification of Cognito's tokens: key sets and when to fetch them, the checks, and the typed outcome.

Pure: nothing here reads a clock or a socket. `TokenVerifier` is where to start.
"""

from .claims import AccessToken as AccessToken
from .claims import IdToken as IdToken
from .claims import VerifiedToken as VerifiedToken
from .schedule import KeyPolicy as KeyPolicy
from .trust import KeyWanted as KeyWanted
from .verifier import TokenVerifier as TokenVerifier
