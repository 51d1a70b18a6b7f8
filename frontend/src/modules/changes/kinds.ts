/** What each kind of change is called, and how it is drawn. */
import {
  Ban,
  Boxes,
  CirclePause,
  CirclePlay,
  FilePlus2,
  FileX2,
  type LucideIcon,
  Megaphone,
  PackagePlus,
  PackageX,
  PenLine,
  Percent,
  Radio,
  ShoppingCart,
  Tag,
  Tags,
  TagX,
  TicketPercent,
  TicketX,
  Truck,
  Undo2,
  Wallet,
} from 'lucide-react'
import { words } from '@/shared/format/words'

const KINDS: Record<string, { label: string; icon: LucideIcon }> = {
  price: { label: 'Price', icon: Tag },
  compare_at_price: { label: 'Compare-at price', icon: Percent },
  inventory: { label: 'Stock', icon: Boxes },
  add_tags: { label: 'Add tags', icon: Tags },
  remove_tags: { label: 'Remove tags', icon: TagX },
  hold_order: { label: 'Hold the order', icon: CirclePause },
  release_order: { label: 'Release the order', icon: CirclePlay },
  cancel_order: { label: 'Cancel the order', icon: Ban },
  refund_order: { label: 'Refund', icon: Undo2 },
  discount: { label: 'Discount', icon: TicketPercent },
  end_discount: { label: 'End the discount', icon: TicketX },
  product_draft: { label: 'New product, as a draft', icon: FilePlus2 },
  delete_draft: { label: 'Remove the draft', icon: FileX2 },
  purchase_order: { label: 'Order goods', icon: PackagePlus },
  ad_status: { label: 'Pause or restart advertisements', icon: Megaphone },
  ad_budget: { label: 'Budget of advertisements', icon: Wallet },
  new_campaign: { label: 'New campaign, paused', icon: Megaphone },
  retire_campaign: { label: 'Remove a paused campaign', icon: Megaphone },
  supplier_order: { label: 'Order at a supplier', icon: ShoppingCart },
  cancel_supplier_order: { label: 'Call off an unpaid order at a supplier', icon: PackageX },
  signal: { label: 'Signal GitHub', icon: Radio },
  ship: { label: 'Tell the shop of parcels', icon: Truck },
  cancel_purchase: { label: 'Cancel the order of goods', icon: PackageX },
}

/** A kind that this version does not know is shown by its own word. */
export function kindOf(kind: string): { label: string; icon: LucideIcon } {
  return KINDS[kind] ?? { label: words(kind), icon: PenLine }
}

/** "Cancel the order", "3 changes": what a set does, in a few words. */
export function kindsText(kinds: string[]): string {
  const first = kinds[0]
  return first !== undefined && kinds.every(kind => kind === first) ? kindOf(first).label : 'Several kinds'
}
