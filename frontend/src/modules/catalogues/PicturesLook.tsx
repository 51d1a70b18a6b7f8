/** How far the pictures of what suppliers offer are looked at, and why some are not. */
import { useQuery } from '@tanstack/react-query'
import { count } from '@/shared/format/money'
import { asSentence, plural } from '@/shared/format/words'
import { picturesQuery } from './queries'

export function PicturesLook({ storeId }: { storeId: string }) {
  const { data } = useQuery(picturesQuery(storeId))
  if (!data || data.pictures === 0) return null
  const { pictures, waiting, failed, failures } = data
  const looked = pictures - waiting
  return (
    <div className="px-4 pb-3 text-xs text-soft sm:px-5">
      <p>
        {waiting > 0
          ? `${count(looked)} of ${count(pictures)} pictures are looked at, so that offers of the same thing are found; the rest follows in the background.`
          : `${count(pictures)} ${plural(pictures, 'picture is', 'pictures are')} looked at, so that offers of the same thing are found.`}
      </p>
      {failed > 0 && (
        <details className="mt-1">
          <summary className="min-h-6 cursor-pointer">
            {count(failed)} of them could not be shown and {plural(failed, 'is', 'are')} tried again
          </summary>
          <ul className="mt-1 list-disc pl-5">
            {failures.map(({ reason, products }) => (
              <li key={reason} className="wrap-anywhere">
                {asSentence(reason)} ({count(products)})
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
