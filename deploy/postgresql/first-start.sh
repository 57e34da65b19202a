#!/bin/sh
# For the container of deploy/compose.yaml: the roles and the database, once.
set -eu
psql -U postgres -v app="$APP_PASSWORD" -v owner="$OWNER_PASSWORD" -f /roles.sql
