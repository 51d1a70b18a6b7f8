/**
 * The mock backend of the assistant. Keeps conversations. Fails on purpose: what contains "broken" cannot be said, and a session `gone` is not there.
 */
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { AssistantAnswer, AssistantMessage, AssistantSession } from '@/shared/api/types'
import { addDays, todayIn } from '@/shared/format/time'
import { CURRENCY, TIMEZONE } from './reports'

const NOTHING: AssistantAnswer = {
  outcome: 'answered',
  text: '',
  facts: [],
  table: null,
  links: [],
  suggestions: [],
}

function profit(): AssistantAnswer {
  const today = todayIn(TIMEZONE)
  const [from, to] = [addDays(today, -7), addDays(today, -1)]
  const days = Array.from({ length: 7 }, (_, at) => addDays(from, at))
  return {
    ...NOTHING,
    text: `Net profit in the last 7 days (${from} to ${to}): 1\u202f204.50 USD. 12.3 % (132.10 USD) more than the 7 days before (1\u202f072.40 USD).`,
    facts: [
      {
        label: 'Net profit the last 7 days',
        value: { unit: 'money', value: '1204.50', currency: CURRENCY },
        reason: null,
        source: {
          name: 'passport.net_profit',
          from,
          to,
          as_of: `${today}T06:12:00Z`,
          link: `/?from=${from}&to=${to}`,
        },
      },
    ],
    table: {
      columns: ['Day', 'Net profit'],
      rows: days.map((day, at) => ({
        label: day,
        values: [at === 3 ? null : { unit: 'money', value: `${150 + at * 9}.00`, currency: CURRENCY }],
        link: null,
      })),
      left_out: 0,
      is_series: true,
    },
    links: [{ label: 'Profit and loss of these days', to: `/pnl?from=${from}&to=${to}` }],
  }
}

function losing(): AssistantAnswer {
  return {
    ...NOTHING,
    text: 'Least net profit in the last 30 days: Walnut pen tray (\u2212112.40 USD), Cork coaster set (\u22128.10 USD).',
    table: {
      columns: ['Product', 'Net profit'],
      rows: [
        {
          label: 'Walnut pen tray',
          values: [{ unit: 'money', value: '-112.40', currency: CURRENCY }],
          link: '/products/1',
        },
        {
          label: 'Cork coaster set',
          values: [{ unit: 'money', value: '-8.10', currency: CURRENCY }],
          link: '/products/2',
        },
      ],
      left_out: 3,
      is_series: false,
    },
    links: [{ label: 'Profit and loss of these days', to: '/pnl' }],
  }
}

function answerTo(question: string): AssistantAnswer {
  if (/lose/i.test(question)) return losing()
  if (/profit/i.test(question)) return profit()
  return {
    ...NOTHING,
    outcome: 'asked_back',
    text: `I do not understand “${question.split(' ')[0]}” in this question, so I do not answer half of it. No model is configured.`,
    suggestions: ['Did I make money yesterday?', 'What must I order?'],
  }
}

export function assistantHandlers(): RequestHandler[] {
  const sessions: AssistantSession[] = []
  const said = new Map<string, AssistantMessage[]>()
  let numbers = 0
  const missing = () =>
    HttpResponse.json(
      { title: 'Not found', status: 404, detail: 'Session not found', message: 'Session not found' },
      { status: 404, headers: { 'content-type': 'application/problem+json' } },
    )

  function add(
    session: AssistantSession,
    message: Omit<AssistantMessage, 'id' | 'session_id' | 'timestamp'>,
  ) {
    numbers += 1
    const kept = {
      ...message,
      id: `msg_${numbers}`,
      session_id: session.id,
      timestamp: new Date().toISOString(),
    }
    const before = said.get(session.id) ?? []
    said.set(session.id, [...before, kept])
    Object.assign(session, { message_count: before.length + 1, updated_at: kept.timestamp })
    return kept
  }

  return [
    http.get('*/agents/sessions', ({ request }) => {
      const text = new URL(request.url).searchParams.get('search')?.toLowerCase() ?? ''
      const stands = (place: string | null | undefined) => place?.toLowerCase().includes(text) ?? false
      const found = sessions.filter(
        session => stands(session.title) || said.get(session.id)?.some(message => stands(message.content)),
      )
      const shown = text ? found : sessions
      return HttpResponse.json({ sessions: shown, total: shown.length, next_cursor: null })
    }),
    http.get('*/agents/usage', () =>
      HttpResponse.json({
        models: [],
        tokens: 0,
        estimated_tokens: 0,
        token_limit: 500_000,
        cost: null,
        cost_limit: null,
        is_used_up: false,
      }),
    ),
    http.post('*/agents/session/:id/cancel', () => HttpResponse.json({ cancelled: false })),
    http.post('*/agents/session', () => {
      const at = new Date().toISOString()
      const session: AssistantSession = {
        id: `chat_${sessions.length + 1}`,
        agent_type: 'general',
        user_id: 'user_1',
        created_at: at,
        status: 'active',
        message_count: 0,
        title: null,
        updated_at: at,
      }
      sessions.unshift(session)
      return HttpResponse.json({ session_id: session.id, session }, { status: 201 })
    }),
    http.get('*/agents/session/:id/messages', ({ params }) => {
      const session = sessions.find(one => one.id === params.id)
      if (!session) return missing()
      const messages = said.get(session.id) ?? []
      return HttpResponse.json({
        session_id: session.id,
        messages,
        total: messages.length,
        next_cursor: null,
      })
    }),
    http.delete('*/agents/session/:id', ({ params }) => {
      const at = sessions.findIndex(one => one.id === params.id)
      if (at < 0) return missing()
      sessions.splice(at, 1)
      return new HttpResponse(null, { status: 204 })
    }),
    http.post<never, { session_id: string; content: string }>('*/agents/message', async ({ request }) => {
      const { session_id: id, content } = await request.json()
      const session = sessions.find(one => one.id === id)
      if (!session) return missing()
      if (content.includes('broken')) return HttpResponse.error()
      session.title ??= content
      const question = add(session, { role: 'user', content, answer: null })
      const answer = answerTo(content)
      add(session, { role: 'assistant', content: answer.text, answer })
      return HttpResponse.json({ status: 'received', message_id: question.id })
    }),
  ]
}
