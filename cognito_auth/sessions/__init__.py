"""What outlives a request: sealed values, and the cookies that carry them."""

from .cookies import CookiePolicy as CookiePolicy
from .cookies import CookieTooLarge as CookieTooLarge
from .cookies import SetCookie as SetCookie
from .seal import Sealer as Sealer
from .session import Session as Session
