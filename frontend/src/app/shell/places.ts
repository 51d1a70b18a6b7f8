/** The pages one can go to, in the order of the rail, with the key after `g`. */
import { Boxes, ChartNoAxesCombined, Plug, ReceiptText, Table2 } from 'lucide-react'
import { paths } from '@/shared/paths'

export const PLACES = [
  { to: paths.pulse, label: 'Pulse', short: 'Pulse', key: 'p', icon: ChartNoAxesCombined },
  { to: paths.pnl, label: 'P&L', short: 'P&L', key: 'l', icon: Table2 },
  { to: paths.products, label: 'Products', short: 'Products', key: 'r', icon: Boxes },
  { to: paths.orders, label: 'Orders', short: 'Orders', key: 'o', icon: ReceiptText },
  { to: paths.connections, label: 'Connections', short: 'Connect', key: 'c', icon: Plug },
] as const
