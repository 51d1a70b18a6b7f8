/** Lets the browser answer a press first: what takes long runs once the next frame is on the screen. */
export function afterPaint(work: () => unknown) {
  requestAnimationFrame(() => setTimeout(work))
}
