-- How many pages PostgreSQL looks at for what the product asks most, and how large its tables are, over as many stores and orders as
-- one wants. Pages do not depend on what else the machine does. Over a database of its own that `royal migrate` has made; it is filled anew:
--   psql "$DATABASE_URL" -v stores=1 -v orders=1000000 -v products=300 --file crates/bench/scale.sql
-- docs/SCALE.md says what came out.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
TRUNCATE orders, order_documents, order_items, rollups;

-- Two years of each store, two lines an order; every product sells every day.
INSERT INTO orders (workspace, store, id, name, search, currency, total, processed_at, updated_at, day, financial_status,
    fulfillment_status, channel, country, flags, content, version, observed_at, customer)
SELECT '00000000-0000-0000-0000-000000000001', ('00000000-0000-0000-0000-' || lpad(to_hex(s), 12, '0'))::uuid, o, '#' || o,
    'sku-' || (o % 1200) || E'\na title', 'USD', 5000 + o % 9000,
    1700000000000000 + o * (730::bigint * 86400000000 / :orders), 1700000000000000 + o * (730::bigint * 86400000000 / :orders),
    to_char('2024-01-01'::date + (o * 730::bigint / :orders)::int, 'YYYY-MM-DD'), 'paid', 'fulfilled', 'web', 'US', 0,
    sha256(o::text::bytea), 1, 1700000000000000, o % 100000
FROM generate_series(1, :stores) s, generate_series(1, :orders) o;
INSERT INTO order_items (workspace, store, order_id, position, product_id, variant_id, sold_at, title, variant_title, unit_price)
SELECT '00000000-0000-0000-0000-000000000001', ('00000000-0000-0000-0000-' || lpad(to_hex(s), 12, '0'))::uuid, o, p, o % 300, o % 1200,
    1700000000000000 + o * (730::bigint * 86400000000 / :orders), 'a product of some name', 'large', 1999
FROM generate_series(1, :stores) s, generate_series(1, :orders) o, generate_series(1, 2) p;
-- Each further measure is 1.
SELECT string_agg('1', ', ') AS ones FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = 'rollups' AND ordinal_position > 6 \gset
INSERT INTO rollups
SELECT '00000000-0000-0000-0000-000000000001', ('00000000-0000-0000-0000-' || lpad(to_hex(s), 12, '0'))::uuid, 'USD', x.dimension,
    to_char('2024-01-01'::date + d, 'YYYY-MM-DD'), x.key::text, :ones
FROM generate_series(1, :stores) s, generate_series(0, 729) d,
    (SELECT 'total' AS dimension, 0 AS key UNION ALL SELECT 'channel', g FROM generate_series(1, 5) g
     UNION ALL SELECT 'country', g FROM generate_series(1, 12) g UNION ALL SELECT 'product', g FROM generate_series(1, :products) g) x;
ANALYZE orders;
ANALYZE order_items;
ANALYZE rollups;

\set whose 'workspace = \'00000000-0000-0000-0000-000000000001\' AND store = \'00000000-0000-0000-0000-000000000001\''
\echo a report by day
EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) SELECT day, orders, gross_sales FROM rollups
WHERE :whose AND currency = 'USD' AND dimension = 'total' AND day BETWEEN '2024-01-01' AND '2025-12-31' ORDER BY day;
\echo the newest orders
EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) SELECT id FROM orders WHERE :whose ORDER BY processed_at DESC, id DESC LIMIT 50;
\echo one order and its lines
EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) SELECT * FROM orders WHERE :whose AND id = 777;
EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) SELECT * FROM order_items WHERE :whose AND order_id = 777;
\echo orders of a product
EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) SELECT order_id FROM order_items WHERE :whose AND product_id = 7 ORDER BY order_id DESC LIMIT 50;
SELECT relname, pg_size_pretty(pg_relation_size(oid)) AS rows, pg_size_pretty(pg_indexes_size(oid)) AS indexes
FROM pg_class WHERE relname IN ('orders', 'order_items', 'rollups');
