// Questions as they are pasted from a committee's letter.

/** One question a line, without the numbers that the letter puts in front. */
export function questionsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*[（(]?\d{1,3}\s*(?:[、．)）]|[.](?!\d))\s*/, '').trim())
    .filter(Boolean);
}
