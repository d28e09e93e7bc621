/** Gives the keyboard a place when what had it has gone from the page, and nothing else has been touched since. */
export function takeLostFocus(place: HTMLElement | null | undefined): void {
  if (document.activeElement === document.body) {
    place?.focus();
  }
}
