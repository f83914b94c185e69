-- The center's signature under a commit's number and time; see ledger::Receipt.
ALTER TABLE commits ADD COLUMN receipt TEXT;
