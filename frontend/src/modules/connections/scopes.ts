/** What the product asks Shopify for in this version, and why. What can change a store is used for approved changes alone. */
export interface ScopeReason {
  scope: string
  why: string
  required: boolean
  /** Only changes that people approve need it. */
  forChanges?: boolean
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
  {
    scope: 'write_products',
    why: 'Approved changes of prices and of the tags of products, and drafts of new ones.',
    required: false,
    forChanges: true,
  },
  { scope: 'write_inventory', why: 'Approved changes of stock.', required: false, forChanges: true },
  {
    scope: 'write_orders',
    why: 'Approved changes of the tags of orders, cancellations and refunds.',
    required: false,
    forChanges: true,
  },
  {
    scope: 'write_merchant_managed_fulfillment_orders',
    why: 'To hold orders back from being sent, and to release them.',
    required: false,
    forChanges: true,
  },
  { scope: 'write_discounts', why: 'Approved discounts.', required: false, forChanges: true },
]
