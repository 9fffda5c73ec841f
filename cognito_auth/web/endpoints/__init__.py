"""What each endpoint does, one file for each family. They are listed in `cognito_auth.web.routes`."""
