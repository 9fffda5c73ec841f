"""Amazon Cognito authentication for Starlette.

```python
auth = CognitoAuth(Settings.from_mapping(os.environ), WebOptions.from_mapping(os.environ))

@auth.requires(group("admin"))
async def admin(request: Request) -> Response: ...

app = Starlette(routes=[auth.mount(), Route("/admin", admin)], middleware=[auth.middleware()])
```
"""

from cognito_auth.guards import group as group
from cognito_auth.guards import mfa as mfa
from cognito_auth.guards import recent as recent
from cognito_auth.guards import scope as scope
from cognito_auth.user import User as User

from .auth import CognitoAuth as CognitoAuth
from .backend import CognitoBackend as CognitoBackend
from .backend import SignedInUser as SignedInUser
from .middleware import CognitoAuthMiddleware as CognitoAuthMiddleware
