"""User pools and what belongs to them: app clients, domains, resource servers, second factors that are offered."""
