// Pictures that a block carries: kept as text, shown as addresses.

/** The picture of a figure as an address; empty when there is none. */
export function imageSource(image: string): string {
  try {
    const { mime, data } = JSON.parse(image || '{}') as { mime?: string; data?: string };
    return mime && data && /^image\//.test(mime) ? `data:${mime};base64,${data}` : '';
  } catch {
    return '';
  }
}
