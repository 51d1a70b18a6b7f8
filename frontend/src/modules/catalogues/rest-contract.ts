/** A contract of one's own as a form holds it, and what its fields are called. */
import type { SupplierAccount, SupplierContract, SupplierPlatform } from '@/shared/api/types'

export interface ContractDraft {
  baseUrl: string
  header: string
  prefix: string
  search: string
  product: string
  currency: string
  shipsFrom: string
  yesOrNo: boolean
  map: Record<string, string>
}

/** What each pointer leads to, in groups; the start of each pointer is said once. */
export const POINTERS = [
  {
    title: 'In the answer of a list',
    fields: [
      ['items', 'Products'],
      ['next_page', 'Next page'],
    ],
  },
  { title: 'In the answer about one product', fields: [['product', 'The product']] },
  {
    title: 'In a product',
    fields: [
      ['id', 'Id'],
      ['title', 'Title'],
      ['cost', 'Cost'],
      ['currency', 'Currency'],
      ['stock', 'Stock'],
      ['sku', 'SKU'],
      ['barcode', 'Barcode'],
      ['shipping_cost', 'Sending, cost'],
      ['ship_days_min', 'Sending, least days'],
      ['ship_days_max', 'Sending, most days'],
      ['ships_from', 'Sent from'],
      ['url', 'Page'],
      ['image', 'Image'],
      ['variants', 'Variants'],
    ],
  },
  {
    title: 'In a variant',
    fields: [
      ['variant_id', 'Id'],
      ['variant_name', 'Name'],
      ['variant_cost', 'Cost'],
      ['variant_stock', 'Stock'],
      ['variant_sku', 'SKU'],
      ['variant_barcode', 'Barcode'],
      ['variant_image', 'Image'],
    ],
  },
] as const

export function fieldName(field: string): string {
  for (const { title, fields } of POINTERS) {
    const found = fields.find(([name]) => name === field)
    if (found) return title === 'In a variant' ? `Variant: ${found[1]}` : found[1]
  }
  return field
}

export const draftOfContract = (rest?: SupplierContract | null, baseUrl = ''): ContractDraft => ({
  baseUrl: rest?.base_url ?? baseUrl,
  header: rest?.auth_header ?? 'Authorization',
  prefix: rest?.auth_prefix ?? 'Bearer ',
  search: rest?.paths.search ?? '',
  product: rest?.paths.product ?? '',
  currency: rest?.currency ?? '',
  shipsFrom: rest?.ships_from ?? '',
  yesOrNo: rest?.stock_yes_or_no ?? false,
  map: { ...rest?.map },
})

/** To begin with; the sandbox speaks it. */
export const EXAMPLE: Omit<ContractDraft, 'baseUrl'> = {
  header: 'Authorization',
  prefix: 'Bearer ',
  search: '/products?search={query}&page={page}',
  product: '/products/{id}',
  currency: '',
  shipsFrom: '',
  yesOrNo: false,
  map: {
    items: '/products',
    next_page: '/meta/next',
    product: '/product',
    id: '/id',
    title: '/title',
    currency: '/currency',
    shipping_cost: '/shipping/cost',
    ship_days_min: '/shipping/min',
    ship_days_max: '/shipping/max',
    ships_from: '/shipping/from',
    url: '/link',
    image: '/image',
    variants: '/variants',
    variant_id: '/id',
    variant_name: '/name',
    variant_cost: '/price',
    variant_stock: '/inventory',
    variant_sku: '/sku',
    variant_barcode: '/barcode',
  },
}

export function contractOf(draft: ContractDraft): SupplierContract {
  const told = Object.entries(draft.map).filter(([, pointer]) => pointer.trim())
  return {
    base_url: draft.baseUrl.trim(),
    auth_header: draft.header.trim(),
    auth_prefix: draft.prefix,
    paths: { search: draft.search.trim() || null, product: draft.product.trim() || null },
    map: Object.fromEntries(told.map(([name, pointer]) => [name, pointer.trim()])),
    currency: draft.currency.trim().toUpperCase() || null,
    ships_from: draft.shipsFrom.trim().toUpperCase() || null,
    stock_yes_or_no: draft.yesOrNo,
  }
}

/** Neither publishes an interface for merchants. */
export const BY_CONTRACT: SupplierPlatform[] = ['autods', 'spocket']

/** What a contract has no path or no pointer for. */
export function switchedOff({ rest, can }: SupplierAccount): string[] {
  if (!rest) return []
  const all = [
    [can.discover, 'finding products'],
    [can.price, 'prices'],
    [can.stock, 'stock'],
    [can.shipping, 'what sending costs'],
  ] as const
  return all.filter(([ability]) => ability === 'none').map(([, what]) => what)
}
