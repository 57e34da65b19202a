-- Once, as postgres: psql -v app=PASSWORD -v owner=PASSWORD -f deploy/postgresql/roles.sql
-- The migrations make the three extensions that are needed; the owner of a database may.
\set ON_ERROR_STOP on
CREATE ROLE lapas_owner LOGIN CREATEDB PASSWORD :'owner';
CREATE ROLE lapas_app LOGIN PASSWORD :'app';
CREATE ROLE lapas_liaison NOLOGIN;
GRANT lapas_liaison TO lapas_app WITH INHERIT FALSE, SET TRUE;
ALTER ROLE lapas_owner SET lock_timeout = '5s';
CREATE DATABASE lapasprog OWNER lapas_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
