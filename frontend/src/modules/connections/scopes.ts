/** What the product asks Shopify for in this version, and why. Reading only: nothing here can change a store. */
export interface ScopeReason {
  scope: string
  why: string
  required: boolean
}

export const SCOPES: ScopeReason[] = [
  {
    scope: 'read_orders',
    why: 'Orders, refunds, edits, transactions with their fees: the ledger is made of them.',
    required: true,
  },
  {
    scope: 'read_products',
    why: 'Products, variants and what they cost: without it no profit is known.',
    required: true,
  },
  {
    scope: 'read_all_orders',
    why: 'Orders older than 60 days. Without it the history is short.',
    required: false,
  },
  { scope: 'read_inventory', why: 'Stock levels.', required: false },
  { scope: 'read_locations', why: 'The names of the places where stock lies.', required: false },
  {
    scope: 'read_customers',
    why: 'To tell new customers from returning ones. Names and addresses are not kept.',
    required: false,
  },
  {
    scope: 'read_shopify_payments_payouts',
    why: 'What Shopify Payments paid out.',
    required: false,
  },
]
