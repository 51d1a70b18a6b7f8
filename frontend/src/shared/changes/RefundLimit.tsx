/** What one may give back without a second person, before anything is sent; nothing where no limit is set. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, body } from '@/shared/api/client'
import { keys } from '@/shared/api/queries'
import type { RefundAllowance } from '@/shared/api/types'
import { money } from '@/shared/format/money'
import { Note } from '@/shared/ui/States'

function allowanceQuery(storeId: string) {
  return queryOptions({
    queryKey: [...keys.changeSets, 'refund-allowance', storeId],
    queryFn: () => body(api.GET('/v1/refund-allowance', { params: { query: { store: storeId } } })),
    // Another refund may have been approved meanwhile.
    staleTime: 0,
  })
}

/** `about`: what is chosen may come to, in the store's currency. */
export function RefundLimit({ storeId, about }: { storeId: string; about: number }) {
  const { data } = useQuery(allowanceQuery(storeId))
  if (!data || data.left == null) return null
  const isMore = about > Number(data.left)
  return (
    <Note tone={isMore ? 'warn' : 'slate'}>
      <p>
        {isMore && (
          <strong>
            This may come to {money(about.toFixed(2), data.currency)}: a second person has to approve it.{' '}
          </strong>
        )}
        {limitsText(data)} {othersText(data.others)}
      </p>
    </Note>
  )
}

function limitsText({ alone, day, used, left, currency }: RefundAllowance): string {
  const show = (amount: string) => money(amount, currency)
  const limits = [
    alone != null && `${show(alone)} at once`,
    day != null && `${show(day)} within 24 hours, of which ${show(used)} are given back`,
  ].filter(Boolean)
  return `Alone you may approve refunds of up to ${limits.join(' and ')}; now that is ${show(left ?? '0')}.`
}

function othersText(others: number): string {
  if (others === 0)
    return 'Nobody else here may approve changes yet: what is more waits for somebody who may.'
  return 'What is more is approved by somebody else.'
}
