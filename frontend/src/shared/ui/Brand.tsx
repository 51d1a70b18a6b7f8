export function Brand() {
  return (
    <span className="flex items-center gap-2.5">
      <svg aria-hidden="true" viewBox="0 0 64 64" className="size-7 shrink-0">
        <path
          d="M8 42V16l12 12L32 10l12 18 12-12v26"
          fill="none"
          strokeWidth="5.5"
          strokeLinejoin="round"
          strokeLinecap="round"
          className="stroke-brass"
        />
        <path d="M8 51h48M8 58h48" strokeWidth="3" strokeLinecap="round" className="stroke-brass" />
      </svg>
      <span className="leading-tight">
        <span className="block text-sm font-semibold tracking-tight">Royal Equips</span>
        <span className="block text-xs text-faint">Command center</span>
      </span>
    </span>
  )
}
