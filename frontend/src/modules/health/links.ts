/** Links that stand beside text. */
export const LINK =
  'inline-flex min-h-6 items-center text-sm font-semibold underline decoration-dotted underline-offset-4'
