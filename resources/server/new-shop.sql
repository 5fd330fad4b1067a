-- A database and a user of its own for one shop, and its password, shown once:
--     psql -v shop=duka -v tills=8 -f new-shop.sql
-- Without tills=... it is for eight. The name is of small letters, figures and underscores. new-password.sql gives another password later.
\set ON_ERROR_STOP on
\if :{?tills} \else \set tills 8 \endif
-- A till holds three connections, and ten at most. With that much for each till, and three for whoever makes copies, no
-- till of this shop is ever turned away, and whatever goes wrong in it takes none from the other shops.
SELECT 10 * :tills + 3 AS most \gset
CREATE ROLE :"shop" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT :most;
CREATE DATABASE :"shop" OWNER :"shop" ENCODING 'UTF8' TEMPLATE template0;
-- Nobody else connects to it, whatever the pg_hba.conf says.
REVOKE ALL ON DATABASE :"shop" FROM PUBLIC;
\connect :"shop"
ALTER SCHEMA public OWNER TO :"shop";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
\ir new-password.sql
