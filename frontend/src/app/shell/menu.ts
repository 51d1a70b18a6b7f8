/** How menus of the shell look. */
export const POPUP = 'popup min-w-52 max-w-[calc(100vw-1rem)] p-1.5 text-sm'
export const ITEM =
  'flex min-h-9 w-full items-center gap-2.5 rounded-md px-2.5 py-1.5 text-left outline-none data-highlighted:bg-sunk cursor-pointer select-none'
