/** Where a conversation begins: what can be asked, and who answers. */
import { useQuery } from '@tanstack/react-query'
import { explain } from '@/shared/api/problem'
import { count } from '@/shared/format/money'
import { Note } from '@/shared/ui/States'
import { Suggestions } from './AnswerView'
import { Composer } from './Composer'
import { usageQuery, useOpen, useSay } from './queries'

const FIRST = [
  'Did I make money yesterday?',
  'Why did profit change last week?',
  'Which products lose money?',
  'What must I order?',
  'What needs me now?',
  'Sales by country last month',
]

/** Who answers, and how much of it is left for today. */
function Answerer() {
  const { data } = useQuery(usageQuery)
  if (!data) return null
  const [first] = data.models
  if (!first) {
    return <>No model is configured: what is not understood whole is asked back, never guessed.</>
  }
  const used =
    data.token_limit == null
      ? `${count(data.tokens)} tokens used today.`
      : `${count(data.tokens)} of ${count(data.token_limit)} tokens used today.`
  return (
    <>
      {`${first} answers by the figures of your store; numbers that none of them tells are struck out. ${used}`}
      {data.is_used_up && ' Until midnight (UTC) the built-in analyst answers.'}
    </>
  )
}

/** A conversation is opened with its first question. */
export function Start({ onBegun }: { onBegun: (id: string) => void }) {
  const open = useOpen()
  const say = useSay()
  async function ask(question: string) {
    const { session_id: id } = await open.mutateAsync()
    await say.mutateAsync({ id, question })
    onBegun(id)
  }
  const error = open.error ?? say.error
  return (
    <div className="flex flex-col gap-5">
      <div>
        <h2 className="text-lg font-semibold">What do you want to know?</h2>
        <p className="max-w-prose text-sm text-soft">
          Ask for any figure over any days, for rankings, for why profit changed, for stock, orders and what
          waits for you. <Answerer />
        </p>
      </div>
      {error && <Note tone="bad">{explain(error)}</Note>}
      <Composer busy={open.isPending || say.isPending} onAsk={ask} />
      <Suggestions questions={FIRST} onAsk={question => void ask(question).catch(() => undefined)} />
    </div>
  )
}
