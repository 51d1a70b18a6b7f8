-- What a unit was offered at in this order, in minor units of the order's currency; NULL: at several prices, for something that is no
-- variant, or stored before this was kept.
ALTER TABLE order_items ADD COLUMN unit_price BIGINT;
