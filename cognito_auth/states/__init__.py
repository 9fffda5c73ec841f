"""Where a person's journey stands, and what can happen next, as frozen values.

A state is what is left of a sign-in between two HTTP requests: plain data that can be sealed, handed to the browser and opened
by another process. An event is what moves it on: an answer that the person gave, or a wish. Which event a state takes, and
where that leads, is the table in `cognito_auth.transitions`; these modules know neither.
"""

from .base import Course as Course
from .base import Device as Device
from .base import Event as Event
from .base import Sensitive as Sensitive
from .base import State as State
from .base import StepUp as StepUp
from .base import Tokens as Tokens
from .challenges import SEALABLE as SEALABLE
from .challenges import Challenge as Challenge
from .challenges import CustomChallenge as CustomChallenge
from .challenges import DevicePasswordVerifier as DevicePasswordVerifier
from .challenges import DeviceSrpAuth as DeviceSrpAuth
from .challenges import EmailOtp as EmailOtp
from .challenges import MfaSetup as MfaSetup
from .challenges import NewPasswordRequired as NewPasswordRequired
from .challenges import OtherChallenge as OtherChallenge
from .challenges import PasswordChallenge as PasswordChallenge
from .challenges import PasswordSrpChallenge as PasswordSrpChallenge
from .challenges import PasswordVerifier as PasswordVerifier
from .challenges import SelectChallenge as SelectChallenge
from .challenges import SelectMfaType as SelectMfaType
from .challenges import SmsMfa as SmsMfa
from .challenges import SmsOtp as SmsOtp
from .challenges import SoftwareTokenMfa as SoftwareTokenMfa
from .challenges import SoftwareTokenPending as SoftwareTokenPending
from .challenges import SoftwareTokenVerified as SoftwareTokenVerified
from .challenges import WebAuthn as WebAuthn
from .events import AdminPassword as AdminPassword
from .events import ByChoice as ByChoice
from .events import ByCustomChallenge as ByCustomChallenge
from .events import ChallengeChoice as ChallengeChoice
from .events import ChallengeResponses as ChallengeResponses
from .events import ChooseAgain as ChooseAgain
from .events import ConfirmationCode as ConfirmationCode
from .events import CustomAnswer as CustomAnswer
from .events import DeviceKeyExchange as DeviceKeyExchange
from .events import DeviceProof as DeviceProof
from .events import EmailCode as EmailCode
from .events import FinishSetup as FinishSetup
from .events import ForgottenPassword as ForgottenPassword
from .events import MfaChoice as MfaChoice
from .events import NewPassword as NewPassword
from .events import Opening as Opening
from .events import PasskeyCredential as PasskeyCredential
from .events import PasswordAnswer as PasswordAnswer
from .events import PasswordProof as PasswordProof
from .events import PlainPassword as PlainPassword
from .events import Refresh as Refresh
from .events import Registration as Registration
from .events import ResendCode as ResendCode
from .events import ResetCode as ResetCode
from .events import SetUpEmail as SetUpEmail
from .events import SetUpSoftwareToken as SetUpSoftwareToken
from .events import SignInAfterwards as SignInAfterwards
from .events import SignOut as SignOut
from .events import SignOutEverywhere as SignOutEverywhere
from .events import SmsCode as SmsCode
from .events import SoftwareTokenCode as SoftwareTokenCode
from .events import SrpPassword as SrpPassword
from .journeys import Confirmed as Confirmed
from .journeys import PasswordReplaced as PasswordReplaced
from .journeys import ResetCodeSent as ResetCodeSent
from .journeys import SignedIn as SignedIn
from .journeys import SignedOut as SignedOut
from .journeys import Unconfirmed as Unconfirmed
