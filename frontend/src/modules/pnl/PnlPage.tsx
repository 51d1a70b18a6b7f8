export function PnlPage() { return null }
