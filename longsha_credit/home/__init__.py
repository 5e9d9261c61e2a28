"""On top of all apps: front pages, organisation pages, 我的待办, commands that need every app."""
