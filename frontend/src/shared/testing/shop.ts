/** A small made-up shop for tests: the same every time, small enough to check by hand, amounts in whole cents. */
import type { Coverage, Row } from '@/shared/api/types'
import { addDays } from '@/shared/format/time'

export interface MockProduct {
  id: string
  title: string
  vendor: string
  price: number
  cost: number | null
}

export interface MockOrder {
  id: string
  name: string
  day: string
  at: string
  product: MockProduct
  quantity: number
  discount: number
  returned: number
  shipping: number
  tax: number
  fee: number
  country: string
  cancelled: boolean
}

const NAMES = [
  'Walnut desk organiser',
  'Brass pen rest',
  'Linen notebook A5',
  'Felt laptop sleeve 14"',
  'Cork pinboard, framed',
  'Ceramic pour-over set',
  'Oak monitor stand',
  'Merino travel blanket',
  'Enamel mug, midnight',
  'Canvas weekender',
  'Leather key loop',
  'Concrete planter, small',
  'Wool desk mat 80×40',
  'Copper bottle 750 ml',
  'Beech phone dock',
  'Recycled tote with an unusually long name that has to wrap somewhere',
]
const COUNTRIES = ['US', 'US', 'US', 'CA', 'GB', 'DE']

/** mulberry32: small, good enough, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Shop {
  products: MockProduct[]
  orders: MockOrder[]
  firstDay: string
  lastDay: string
}

export function makeShop(lastDay: string, days = 150): Shop {
  const random = randomFrom(20_261)
  const products = NAMES.map((title, index) => {
    const price = 1_200 + Math.floor(random() * 90) * 100
    const unknown = index === 4 || index === 15
    return {
      id: String(9_000 + index),
      title,
      vendor: index % 3 === 0 ? 'Hearth & Co' : 'Nordlys',
      price,
      cost: unknown ? null : Math.floor(price * (index === 9 ? 1.08 : 0.34 + random() * 0.28)),
    }
  })
  const orders: MockOrder[] = []
  const firstDay = addDays(lastDay, 1 - days)
  for (let offset = 0; offset < days; offset += 1) {
    const day = addDays(firstDay, offset)
    const many = 2 + Math.floor(random() * 4) + (offset % 7 > 4 ? 2 : 0)
    for (let index = 0; index < many; index += 1) {
      const product = products[Math.floor(random() * random() * products.length)] ?? products[0]
      if (!product) continue
      const quantity = 1 + Math.floor(random() * 3)
      const gross = product.price * quantity
      const discount = random() < 0.3 ? Math.floor(gross * 0.1) : 0
      const returned = random() < 0.07 ? gross - discount : 0
      const number = 1_001 + orders.length
      orders.push({
        id: String(5_000_000 + number),
        name: `#${number}`,
        day,
        at: `${day}T${String(9 + index).padStart(2, '0')}:15:00Z`,
        product,
        quantity,
        discount,
        returned,
        shipping: gross > 9_000 ? 0 : 590,
        tax: Math.floor((gross - discount) * 0.08),
        fee: Math.floor((gross - discount) * 0.029) + 30,
        country: COUNTRIES[Math.floor(random() * COUNTRIES.length)] ?? 'US',
        cancelled: random() < 0.01,
      })
    }
  }
  return { products, orders, firstDay, lastDay }
}

export function cents(amount: number): string {
  const size = Math.abs(amount)
  return `${amount < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`
}

export function rowOf(key: string, label: string, orders: MockOrder[]): Row {
  const sum = (of: (order: MockOrder) => number) => orders.reduce((total, order) => total + of(order), 0)
  const gross = sum(order => order.product.price * order.quantity)
  const discounts = sum(order => order.discount)
  const returns = sum(order => order.returned)
  const sales = gross - discounts - returns
  const shipping = sum(order => order.shipping)
  const revenue = sales + shipping
  const uncosted = sum(order =>
    order.product.cost === null ? order.product.price * order.quantity - order.discount - order.returned : 0,
  )
  const cost = sum(order => (order.returned > 0 ? 0 : (order.product.cost ?? 0) * order.quantity))
  const fees = sum(order => order.fee)
  const margin = revenue - uncosted - cost
  const tax = sum(order => order.tax)
  const known = orders.length > 0 && orders.some(order => order.product.cost !== null)
  const profit = known ? cents(margin - fees) : null
  return {
    key,
    label,
    orders: orders.length,
    units: sum(order => order.quantity),
    gross_sales: cents(gross),
    discounts: cents(discounts),
    returns: cents(returns),
    net_sales: cents(sales),
    shipping: cents(shipping),
    taxes: cents(tax),
    duties: '0.00',
    fees_charged: '0.00',
    tips: '0.00',
    total_sales: cents(sales + shipping + tax),
    net_revenue: cents(revenue),
    net_revenue_without_cost: cents(uncosted),
    cost_of_goods: known ? cents(cost) : null,
    cm1: known ? cents(margin) : null,
    shipping_cost: null,
    payment_fees: cents(fees),
    payment_fees_without_cost: '0.00',
    cm2: profit,
    ad_spend: null,
    cm3: profit,
    fixed_costs: null,
    net_profit: profit,
    gift_cards: '0.00',
    orders_containing: orders.length,
    coverage: coverageOf(sales, uncosted),
  }
}

function coverageOf(sales: number, uncosted: number): Coverage {
  const missing = sales === 0 ? null : uncosted / sales
  const none = { actual: null, estimated: null, missing: null }
  const absent = sales === 0 ? none : { actual: 0, estimated: 0, missing: 1 }
  return {
    cost: missing === null ? none : { actual: 1 - missing, estimated: 0, missing },
    shipping: absent,
    fees: sales === 0 ? none : { actual: 1, estimated: 0, missing: 0 },
    ad_spend: absent,
  }
}
