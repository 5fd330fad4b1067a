-- A database and a user of its own for one shop, and its password, shown once:
--     psql -v shop=duka -f new-shop.sql
-- The name is of small letters, figures and underscores. new-password.sql gives another password later.
\set ON_ERROR_STOP on
CREATE ROLE :"shop" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
CREATE DATABASE :"shop" OWNER :"shop" ENCODING 'UTF8' TEMPLATE template0;
-- Nobody else connects to it, whatever the pg_hba.conf says.
REVOKE ALL ON DATABASE :"shop" FROM PUBLIC;
\connect :"shop"
ALTER SCHEMA public OWNER TO :"shop";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
\ir new-password.sql
