/** What the product asks Shopify for in this version, and why. Reading only: nothing here can change a store. */
export interface ScopeReason {
  scope: string
  why: string
  required: boolean
}

export const SCOPES: ScopeReason[] = [
  {
    scope: 'read_orders',
    why: 'Orders, refunds, edits and transactions: the ledger is made of them.',
    required: true,
  },
  {
    scope: 'read_all_orders',
    why: 'Orders older than 60 days. Without it the history is short.',
    required: false,
  },
  {
    scope: 'read_products',
    why: 'Products and variants, so that profit can be told per product.',
    required: true,
  },
  { scope: 'read_inventory', why: 'Unit costs and stock. Without it no profit is known.', required: true },
  { scope: 'read_locations', why: 'Where stock lies.', required: false },
  {
    scope: 'read_customers',
    why: 'Counts of returning customers. Names and addresses are not kept.',
    required: false,
  },
  {
    scope: 'read_shopify_payments_payouts',
    why: 'Payment fees as they were really charged.',
    required: false,
  },
]
