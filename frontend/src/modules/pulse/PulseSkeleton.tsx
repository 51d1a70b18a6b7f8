import { Skeleton } from '@/shared/ui/States'

const TILES = ['a', 'b', 'c', 'd', 'e', 'f']

export function PulseSkeleton() {
  return (
    <div role="status" aria-label="Loading the figures" className="flex flex-col gap-5">
      <Skeleton className="h-56 w-full rounded-lg sm:h-52" />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 lg:grid-cols-6">
        {TILES.map(tile => (
          <Skeleton key={tile} className="h-36 rounded-lg" />
        ))}
      </div>
      <div className="grid gap-5 lg:grid-cols-[1.15fr_1fr]">
        <Skeleton className="h-96 rounded-lg" />
        <Skeleton className="h-96 rounded-lg" />
      </div>
    </div>
  )
}
