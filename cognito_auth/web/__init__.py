"""The HTTP face that every adapter mounts, free of any framework: `WebAuth`, its `ROUTES`, requests and replies."""

from .auth import WebAuth as WebAuth
from .http import Reply as Reply
from .http import Request as Request
from .options import BrowserSessions as BrowserSessions
from .options import Delivery as Delivery
from .options import ServerSessions as ServerSessions
from .options import WebOptions as WebOptions
from .public import is_public as is_public
from .public import public as public
from .redirects import same_origin_path as same_origin_path
from .refusals import Refused as Refused
from .refusals import refusal as refusal
from .route import Authenticated as Authenticated
from .route import Call as Call
from .route import Route as Route
from .routes import PATHS as PATHS
from .routes import ROUTES as ROUTES
