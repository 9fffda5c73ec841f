"""Amazon Cognito authentication for FastAPI.

```python
auth = CognitoAuth(Settings.from_mapping(os.environ), WebOptions.from_mapping(os.environ))
app = FastAPI(lifespan=auth.lifespan)
auth.install(app)

@app.get("/me")
async def me(user: Annotated[User, Depends(auth.user)]) -> str: ...

@app.get("/admin", dependencies=[Depends(auth.require(group("admin")))])
async def admin() -> str: ...
```
"""

from cognito_auth.guards import group as group
from cognito_auth.guards import mfa as mfa
from cognito_auth.guards import recent as recent
from cognito_auth.guards import scope as scope
from cognito_auth.user import User as User

from .auth import CognitoAuth as CognitoAuth
from .guard import Guard as Guard
from .guard import OptionalGuard as OptionalGuard
