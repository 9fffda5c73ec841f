"""The HTTP face that every adapter mounts, free of any framework: `WebAuth`, its `ROUTES`, requests and replies."""

from .auth import WebAuth as WebAuth
from .http import VARY as VARY
from .http import Reply as Reply
from .http import Request as Request
from .options import Delivery as Delivery
from .options import WebOptions as WebOptions
from .refusals import Refused as Refused
from .refusals import refusal as refusal
from .route import Authenticated as Authenticated
from .route import Call as Call
from .route import Route as Route
from .routes import ROUTES as ROUTES
