/** "Before shipping cost and ad spend: not told yet." Each name leads to where it is told. */
import { Link } from '@tanstack/react-router'
import { paths } from '@/shared/paths'
import { keepRange } from '@/shared/range/range'
import { TOLD_AT } from './coverage'
import { labelOf } from './glossary'

interface LeftOutProps {
  field: string
  excludes: Record<string, string[]>
}

export function LeftOut({ field, excludes }: LeftOutProps) {
  const names = excludes[field] ?? []
  if (names.length === 0) return null
  return (
    <>
      Before{' '}
      {names.map((name, place) => (
        <span key={name}>
          {place > 0 && (place === names.length - 1 ? ' and ' : ', ')}
          <Link
            to={paths.costs}
            search={old => ({ ...keepRange(old), ...TOLD_AT[name] })}
            className="underline decoration-dotted underline-offset-4"
          >
            {labelOf(name).toLowerCase()}
          </Link>
        </span>
      ))}
      : not told yet.
    </>
  )
}
