/**
 * The pages one can go to, in the order of the rail, with the key after `g`. A new page is one line here, in the
 * group where a person would look for it, its address in `shared/paths` and its route in `router`.
 */
import {
  BookOpen,
  Bot,
  Boxes,
  ChartNoAxesCombined,
  ClipboardList,
  Coins,
  Combine,
  GitPullRequestArrow,
  HeartPulse,
  Inbox,
  LifeBuoy,
  Lightbulb,
  ListChecks,
  Megaphone,
  MessageCircleQuestion,
  Newspaper,
  Plug,
  Radar,
  ReceiptText,
  Scale,
  Settings,
  SlidersHorizontal,
  Table2,
  Target,
  Truck,
  Users,
  Warehouse,
  Workflow,
} from 'lucide-react'
import { useSession } from '@/shared/api/queries'
import { paths } from '@/shared/paths'

export const GROUPS = [
  {
    label: null,
    places: [
      { to: paths.pulse, label: 'Pulse', key: 'p', icon: ChartNoAxesCombined },
      { to: paths.brief, label: 'Brief', key: 't', icon: Newspaper },
      { to: paths.anomalies, label: 'Anomalies', key: 'e', icon: Radar },
      { to: paths.inbox, label: 'Inbox', key: 'i', icon: Inbox },
      {
        to: paths.assistant,
        label: 'Assistant',
        key: 'q',
        icon: MessageCircleQuestion,
        may: 'assistant:use',
      },
      { to: paths.agents, label: 'Agents', key: 'a', icon: Bot, may: 'agents:read' },
      { to: paths.rules, label: 'Rules', key: 'w', icon: Workflow, may: 'agents:read' },
      { to: paths.changeSets, label: 'Change-sets', key: 'h', icon: GitPullRequestArrow },
    ],
  },
  {
    label: 'Shop',
    places: [
      { to: paths.orders, label: 'Orders', key: 'o', icon: ReceiptText },
      { to: paths.products, label: 'Products', key: 'r', icon: Boxes },
      { to: paths.inventory, label: 'Inventory', key: 'v', icon: Warehouse, may: 'inventory:read' },
      {
        to: paths.purchaseOrders,
        label: 'Purchase orders',
        key: 'b',
        icon: ClipboardList,
        may: 'inventory:read',
      },
      { to: paths.suppliers, label: 'Suppliers', key: 'y', icon: Truck, may: 'inventory:read' },
      {
        to: paths.opportunities,
        label: 'Opportunities',
        key: 'd',
        icon: Lightbulb,
        may: 'opportunities:read',
      },
      {
        to: paths.catalogues,
        label: 'Catalogues',
        key: 'x',
        icon: BookOpen,
        may: 'opportunities:read',
      },
      { to: paths.recommendations, label: 'Recommendations', key: '5', icon: Combine },
      { to: paths.accuracy, label: 'Accuracy', key: 'f', icon: Target, may: 'inventory:read' },
      { to: paths.support, label: 'Support', key: '7', icon: LifeBuoy, may: 'support:read' },
      { to: paths.customers, label: 'Customers', key: 'u', icon: Users },
    ],
  },
  {
    label: 'Money',
    places: [
      { to: paths.pnl, label: 'P&L', key: 'l', icon: Table2 },
      { to: paths.whatIf, label: 'What if', key: '6', icon: SlidersHorizontal },
      { to: paths.campaigns, label: 'Campaigns', key: 'm', icon: Megaphone },
      { to: paths.costs, label: 'Costs', key: 'k', icon: Coins },
      { to: paths.reconciliation, label: 'Reconciliation', key: 'n', icon: Scale },
    ],
  },
  {
    label: 'Set up',
    places: [
      { to: paths.connections, label: 'Connections', key: 'c', icon: Plug },
      { to: paths.jobs, label: 'Jobs', key: 'j', icon: ListChecks, may: 'jobs:read' },
      { to: paths.health, label: 'Health', key: 'z', icon: HeartPulse, may: 'health:read' },
      { to: paths.settings, label: 'Settings', key: 's', icon: Settings },
    ],
  },
] as const

type Group = (typeof GROUPS)[number]
/** `may`: the permission without which it is not shown. */
export type Place = Group['places'][number] & { may?: string }

export const PLACES: readonly Place[] = GROUPS.flatMap(group => [...group.places] as Place[])

/** What the bottom bar of a phone shows beside "More". */
const IN_THE_BAR: readonly string[] = [paths.pulse, paths.inbox, paths.orders, paths.products]

export const BAR: readonly Place[] = PLACES.filter(place => IN_THE_BAR.includes(place.to))

/** The groups as the one who is signed in sees them. */
export function useGroups(): { label: string | null; places: Place[] }[] {
  const permissions = useSession()?.permissions ?? []
  const shown = (place: Place) => place.may === undefined || permissions.includes(place.may)
  return GROUPS.map(({ label, places }) => ({ label, places: ([...places] as Place[]).filter(shown) }))
}

export function usePlaces(): Place[] {
  return useGroups().flatMap(group => group.places)
}
