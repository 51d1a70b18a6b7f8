/** How an order of goods stands, in words, and what may be done with it next. */
import type { PurchaseOrder, PurchaseStatus } from '@/shared/api/types'
import type { Tone } from '@/shared/ui/Badge'

export const STATUSES: Record<PurchaseStatus, { label: string; tone: Tone }> = {
  draft: { label: 'Draft', tone: 'neutral' },
  approved: { label: 'Approved', tone: 'slate' },
  sent: { label: 'Sent', tone: 'slate' },
  received_partly: { label: 'Received in part', tone: 'warn' },
  received: { label: 'Received', tone: 'good' },
  closed: { label: 'Closed', tone: 'good' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
}

export const NEEDS: Record<PurchaseOrder['needs'], string> = {
  nothing: 'Whoever wrote it may approve it.',
  somebody_else: 'It is above what one may approve alone: somebody else than who wrote it has to.',
  admin: 'It needs an admin who did not write it.',
}

export const may = {
  write: ({ status }: PurchaseOrder) => status === 'draft',
  approve: ({ status }: PurchaseOrder) => status === 'draft',
  send: ({ status }: PurchaseOrder) => status === 'approved',
  receive: ({ status }: PurchaseOrder) => status === 'sent' || status === 'received_partly',
  close: ({ status }: PurchaseOrder) => status === 'received_partly' || status === 'received',
  cancel: ({ status }: PurchaseOrder) => status === 'draft' || status === 'approved' || status === 'sent',
}

export function fileAddress(id: string, format: 'csv' | 'pdf'): string {
  return `/v1/purchase-orders/${encodeURIComponent(id)}/file?format=${format}`
}
