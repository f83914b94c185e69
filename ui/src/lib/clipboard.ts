// Copying text, also where the clipboard interface is refused.

/** Puts a text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const take = (event: ClipboardEvent) => {
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
    };
    document.addEventListener('copy', take, { once: true });
    document.execCommand('copy');
    document.removeEventListener('copy', take);
  }
}

/** Rows as cells that spreadsheets take. */
export function toCells(rows: string[][]): string {
  const cell = (text: string) =>
    /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => row.map(cell).join('\t')).join('\r\n');
}
