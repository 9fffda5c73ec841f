"""Amazon Cognito authentication for Flask.

```python
app = Flask(__name__)
app.config.from_mapping(os.environ)  # COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID, COGNITO_AUTH_SECRET, ...
auth = CognitoAuth(app)

@app.get("/admin")
@auth.require(group("admin"))
def admin() -> str:
    return f"Hello {current_user.username}"
```
"""

from cognito_auth.guards import group as group
from cognito_auth.guards import mfa as mfa
from cognito_auth.guards import recent as recent
from cognito_auth.guards import scope as scope
from cognito_auth.user import User as User

from .auth import CognitoAuth as CognitoAuth
from .auth import current_user as current_user
