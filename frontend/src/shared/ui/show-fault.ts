/** The first field with a fault takes the focus, once it is marked. A group of choices says `data-fault`. */
export function showFault(form: HTMLFormElement): void {
  requestAnimationFrame(() =>
    form.querySelector<HTMLElement>('[aria-invalid="true"], [data-fault] input:checked')?.focus(),
  )
}
