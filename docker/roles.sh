#!/bin/sh
# Runs once, when the database container starts with an empty volume: the database and its two roles.
# The owner migrates; the application owns nothing, so that it cannot take down the guards it works under.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set application_password="$APPLICATION_PASSWORD" <<'SQL'
CREATE ROLE factcheck_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE factcheck LOGIN PASSWORD :'application_password';
CREATE DATABASE factcheck OWNER factcheck_owner
    TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C.UTF-8';
SQL
