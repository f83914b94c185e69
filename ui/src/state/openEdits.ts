// Edits that are open somewhere: their typing is kept before the vault is locked or the window goes.

type Keep = () => Promise<void>;

const open = new Set<Keep>();

/** Notes an open edit; gives back how to forget it. */
export function noteEdit(keep: Keep): () => void {
  open.add(keep);
  return () => void open.delete(keep);
}

/** Keeps what is being typed anywhere, as drafts. */
export async function keepTyping(): Promise<void> {
  await Promise.all([...open].map((keep) => keep()));
}
