-- Another password for the user of a shop, shown once:
--     psql -v shop=duka -f new-password.sql
-- The tills of the shop get it in their settings (F10, Several tills); those that are connected stay so.
\set ON_ERROR_STOP on
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SET password_encryption = 'scram-sha-256';
SELECT replace(gen_random_uuid()::text, '-', '') AS password \gset
ALTER ROLE :"shop" PASSWORD :'password';
\echo 'The password of' :shop 'is' :password
