// Made by `cargo xtask gen` from crates/rpc; do not edit.

export type Alike = { 
/**
 * The entry.
 */
id: EntityId, 
/**
 * Its name.
 */
name: string, 
/**
 * Where she works.
 */
organisation: string, 
/**
 * Why.
 */
why: AlikeWhy, };

export type AlikeWhy = "id" | "nameAndDetail" | "nameAndOrganisation" | "detail" | "name";

export type AppDay = { 
/**
 * The day. Time: `YYYY-MM-DD`.
 */
today: string, 
/**
 * How long it lasts. Units: seconds.
 */
left: number, };

export type AppState = { 
/**
 * The program's version.
 */
version: string, 
/**
 * Vaults on this laptop, the last used first.
 */
vaults: Array<VaultCard>, 
/**
 * The open vault.
 */
open: OpenVault | null, 
/**
 * The language chosen before a vault is open; `None` at the very first start.
 */
lang: Lang | null, 
/**
 * Whether the system has a keychain.
 */
keychain: boolean, };

export type ApprovalRow = { 
/**
 * The approval's entity.
 */
id: EntityId, 
/**
 * The site.
 */
site: EntityId, 
/**
 * The site's hospital, Chinese or else English.
 */
siteName: string, 
/**
 * Code of `approvalStatus`.
 */
status: string, 
/**
 * Day of submission; empty when unknown.
 */
submittedOn: string, 
/**
 * Day of the decision; empty when there is none yet.
 */
decidedOn: string, 
/**
 * Number of the letter.
 */
letter: string, 
/**
 * Last day of validity; empty when none is set.
 */
validUntil: string, 
/**
 * Interval of continuing review. Units: months; `None` when the letter names none.
 */
intervalMonths: number | null, 
/**
 * Conditions of the committee.
 */
conditions: string, 
/**
 * Whether a register of it is in conflict.
 */
conflict: boolean, 
/**
 * Derived: whether it is a decision whose day can be true, neither before the version nor in
 * the future.
 */
counts: boolean, 
/**
 * Derived: the day of its approval, also when that was stopped later in the same record;
 * empty when nobody wrote it down, `None` when it never was one.
 */
approvedOn: string | null, };

export type BackupFolder = { 
/**
 * The folder; `None` turns the daily copy off.
 */
path: string | null, };

export type BackupStatus = { 
/**
 * The folder, when it is on.
 */
folder: string | null, 
/**
 * Time: the last good copy, UTC.
 */
last: string | null, 
/**
 * What is wrong, by label key.
 */
note: string | null, };

export type Bilingual = { 
/**
 * Chinese.
 */
zh: string, 
/**
 * English.
 */
en: string, };

export type Blank = { 
/**
 * The hash of its bytes, as files are named: `sha256:…`.
 */
sha256: string, 
/**
 * The name of the file.
 */
name: string, 
/**
 * What it is.
 */
kind: BlankKind, 
/**
 * Its places that are filled.
 */
cells: Array<BlankCell>, };

export type BlankCell = { 
/**
 * The field: `PART.FIELD`, or one of its facts: `PART.FIELD#2`.
 */
field: string, 
/**
 * Where it stands in the file; see the head of this file.
 */
at: string, 
/**
 * How it is put there.
 */
how: CellHow, 
/**
 * For a tick: what the value must say for it to be set; empty for any value but "no".
 */
says: string, };

export type BlankKind = "docx" | "xlsx" | "pdf";

export type BlankLook = { 
/**
 * What it is.
 */
kind: BlankKind, 
/**
 * Its hash: `sha256:…`.
 */
sha256: string, 
/**
 * Sizes of its pages as a reader sees them, for rectangles; of a PDF alone. Units: points.
 */
pages: Array<[number, number]>, 
/**
 * Its places, each with a field that is like it or none.
 */
places: Array<BlankProposal>, };

export type BlankOf = { 
/**
 * The form as the editor has it.
 */
form: SetForm, };

export type BlankPlace = { 
/**
 * Where it is.
 */
at: string, 
/**
 * How it would be filled.
 */
how: CellHow, 
/**
 * The words beside it.
 */
label: string, 
/**
 * What stands in it now.
 */
holds: string, 
/**
 * For a tick: the words behind its box.
 */
says: string, };

export type BlankProposal = { 
/**
 * The place.
 */
place: BlankPlace, 
/**
 * The field, or one of its facts, as a cell names it; empty when none is like it.
 */
field: string, 
/**
 * What the form calls the field.
 */
label: Bilingual | null, 
/**
 * How alike the words are. Units: percent.
 */
likeness: number, };

export type BlankTake = { 
/**
 * The file.
 */
path: string, 
/**
 * The form as the editor has it, with the blank that it had.
 */
form: SetForm, };

export type BlankTaken = { 
/**
 * The blank with what stands of the mapping before; nothing is added to it unasked.
 */
blank: Blank, 
/**
 * What it has to fill in.
 */
look: BlankLook, 
/**
 * Places of the mapping before that are somewhere else now: where they were.
 */
moved: Array<string>, 
/**
 * Places of the mapping before that are gone: where they were.
 */
lost: Array<string>, };

export type BlobRef = { 
/**
 * Hash of the bytes, with its algorithm: `sha256:…`.
 */
hash: string, 
/**
 * Size. Units: bytes.
 */
size: number, 
/**
 * Its type, as `application/pdf`; empty when unknown.
 */
mime: string, 
/**
 * The name that it came with, without a folder.
 */
name: string, };

export type BlockConflict = { 
/**
 * What stood before the values parted; null when it is not known.
 */
base: JsonValue, 
/**
 * Both changes taken together; null when they overlap.
 */
suggestion: JsonValue, 
/**
 * The values, in the order of the heads.
 */
rivals: Array<RivalText>, };

export type BundleProblem = { 
/**
 * Key of the label.
 */
code: string, 
/**
 * The commit.
 */
place: string, };

export type BundleRead = { 
/**
 * The file.
 */
path: string, 
/**
 * Its passphrase.
 */
passphrase: string, };

export type BundleTaken = { 
/**
 * The studies in it.
 */
studies: Array<StudyId>, 
/**
 * How many changes were not here before.
 */
nNew: number, 
/**
 * How many changes were here.
 */
nKnown: number, 
/**
 * Why a study was not taken to its end.
 */
problems: Array<BundleProblem>, };

export type BundleWrite = { 
/**
 * The studies.
 */
studies: Array<StudyId>, 
/**
 * The file's passphrase.
 */
passphrase: string, 
/**
 * Where.
 */
path: string, };

export type CalendarExport = { 
/**
 * The study; `None` for all that are in use.
 */
study: StudyId | null, 
/**
 * The language of its words.
 */
lang: Lang, 
/**
 * The file to write.
 */
path: string, };

export type CalendarYears = { 
/**
 * The years; the last one is the next that is not announced yet.
 */
years: Array<YearRow>, };

export type CellHow = "text" | "tick" | "date" | "lines";

export type Center = { 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Partner hospitals, in the order of display.
 */
hospitals: Array<Hospital>, 
/**
 * Disease areas, in the order of display.
 */
diseaseAreas: Array<DiseaseArea>, };

export type Change = "changed" | "added" | "removed" | "moved" | "split" | "merged";

export type ChangeRow = { 
/**
 * The section; `None` for facts.
 */
section: EntityId | null, 
/**
 * The section's key in its template; empty when it has none.
 */
key: string, 
/**
 * The section's title, Chinese.
 */
titleZh: string, 
/**
 * The section's title, English.
 */
titleEn: string, 
/**
 * What happened.
 */
change: Change, 
/**
 * What it happened to: one entity, or several that stand together.
 */
entities: Array<EntityId>, 
/**
 * What that is, as in the lines of the redline.
 */
what: What, 
/**
 * Its type or kind, as in the lines of the redline.
 */
kind: string, 
/**
 * Of a fact, its register without the language.
 */
name: string, 
/**
 * Of something moved, the section that it came from.
 */
from: EntityId | null, 
/**
 * How it was, Chinese: kept and taken out.
 */
wasZh: Array<Span>, 
/**
 * How it is now, Chinese: kept and put in.
 */
nowZh: Array<Span>, 
/**
 * How it was, English.
 */
wasEn: Array<Span>, 
/**
 * How it is now, English.
 */
nowEn: Array<Span>, 
/**
 * Why, Chinese; empty while nobody said it. See [`crate::explain`].
 */
whyZh: string, 
/**
 * Why, English.
 */
whyEn: string, };

export type CheckCounts = { 
/**
 * Rows that are met.
 */
met: number, 
/**
 * Rows that are partly met.
 */
partly: number, 
/**
 * Rows of which nothing is there.
 */
empty: number, 
/**
 * Rows that do not apply.
 */
notApplicable: number, 
/**
 * Required rows that are empty or partly met.
 */
requiredOpen: number, 
/**
 * Texts of the protocol whose other language was changed later.
 */
outdated: number, 
/**
 * Headings that are missing, renamed, doubled or out of place.
 */
remarked: number, };

export type CheckDetail = { 
/**
 * Blocks of text.
 */
blocks: number, 
/**
 * Characters of Chinese text.
 */
zhCharacters: number, 
/**
 * Characters of English text.
 */
enCharacters: number, 
/**
 * Values found.
 */
facts: number, 
/**
 * Groups of values wanted.
 */
factsWanted: number, 
/**
 * Groups of values of which one is there.
 */
factsMet: number, 
/**
 * Texts whose other language was changed later.
 */
outdated: number, };

export type CheckRemark = "missing" | "leftOut" | "twice" | "renamed" | "outOfOrder" | "notAtTheEnd" | "below" | "fieldsOnly" | "textOnly" | "broad" | "byDesign" | "notSplit" | "outdated" | "unresolved" | "pending";

export type CheckRow = { 
/**
 * Its key: of a section, an item, a field.
 */
key: string, 
/**
 * Its number as printed; empty when it has none.
 */
number: string, 
/**
 * Its NCI code; empty when it has none.
 */
code: string, 
/**
 * The part of the sheet: `titlePage`, `synopsis`, `headings`, `ownHeadings`, or a part of
 * SPIRIT.
 */
group: string, 
/**
 * How it is met.
 */
kind: WantedKind, 
/**
 * What is wanted.
 */
title: Bilingual, 
/**
 * How deep it stands, from 1.
 */
level: number, 
/**
 * Whether it may not be missing.
 */
required: boolean, 
/**
 * How far it is.
 */
status: CheckStatus, 
/**
 * Why it does not apply, in the words of the protocol; empty otherwise.
 */
reason: string, 
/**
 * Where what meets it stands.
 */
places: Array<FactPlace>, 
/**
 * Where to write what is missing of it.
 */
missing: Array<FactPlace>, 
/**
 * What was counted.
 */
detail: CheckDetail, 
/**
 * What is to be known beside the status.
 */
remarks: Array<CheckRemark>, };

export type CheckSheet = { 
/**
 * The key of the template or standard.
 */
template: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Where it comes from.
 */
source: Bilingual, 
/**
 * The part of the source; empty when it has none.
 */
article: Bilingual, 
/**
 * Since when the source holds. Time: a date, or a part of one.
 */
validFrom: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * What is wanted, in order.
 */
rows: Array<CheckRow>, 
/**
 * How many rows are how far.
 */
counts: CheckCounts, };

export type CheckStatus = "met" | "partly" | "empty" | "notApplicable";

export type Code = { 
/**
 * The list, for example `status`.
 */
list: string, 
/**
 * The code as it stands in the ledger.
 */
code: string, 
/**
 * Chinese.
 */
zh: string, 
/**
 * English.
 */
en: string, };

export type ColumnChoice = { 
/**
 * What the rows are.
 */
rows: RowKind, 
/**
 * The value of [`ColumnMapping::field`].
 */
field: string, 
/**
 * Its word, Chinese.
 */
zh: string, 
/**
 * Its word, English.
 */
en: string, };

export type ColumnMapping = { 
/**
 * Which column, from 1.
 */
column: number, 
/**
 * Its head as it stands.
 */
head: string, 
/**
 * The field or register it fills; [`SITE`]; [`MILESTONE`] and a key; empty when it is not read.
 */
field: string, };

export type ConflictList = { 
/**
 * The conflicts.
 */
rows: Array<ConflictRow>, };

export type ConflictRef = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * The register.
 */
field: string, };

export type ConflictRow = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The study's title.
 */
title: string, 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * Its kind.
 */
kind: string, 
/**
 * What to call the entity; empty for the study.
 */
entityName: Bilingual, 
/**
 * What it lies in, from the outermost: the hospital, the section; empty for the study's own.
 */
place: Bilingual, 
/**
 * The register.
 */
field: string, 
/**
 * The path that the command line uses.
 */
path: string, 
/**
 * The standing values.
 */
heads: Array<Head>, };

export type Connect = { 
/**
 * Its address.
 */
url: string, 
/**
 * The one-time code.
 */
code: string, };

export type ContactChoice = { 
/**
 * Its place in the preview.
 */
row: number, 
/**
 * Who gets what she lacks of it; `None` makes a new entry.
 */
into: EntityId | null, 
/**
 * The site that a contact of a study belongs to; `None` for the study itself.
 */
site: EntityId | null, 
/**
 * Who of the directory a contact of a study is, by a person's word.
 */
person: EntityId | null, };

export type ContactExport = { 
/**
 * The study whose contacts are meant; `None` for people of the directory.
 */
study: StudyId | null, 
/**
 * Whose; empty for all.
 */
people: Array<EntityId>, 
/**
 * As what.
 */
format: ContactFormat, 
/**
 * The language of names that are known in both.
 */
lang: Lang, 
/**
 * To whom.
 */
to: string, 
/**
 * Why.
 */
purpose: string, 
/**
 * The file to write.
 */
path: string, };

export type ContactExports = { 
/**
 * Its entries.
 */
rows: Array<DisclosureRow>, };

export type ContactFormat = "vcf" | "zip" | "csv" | "xlsx";

export type ContactImport = { 
/**
 * The preview.
 */
preview: number, 
/**
 * The chosen rows.
 */
rows: Array<ContactChoice>, };

export type ContactPreview = { 
/**
 * Names the preview when it is carried out.
 */
preview: number, 
/**
 * The file's name.
 */
file: string, 
/**
 * What its letters were read as; empty for a workbook.
 */
charset: string, 
/**
 * Whether that was guessed, so that a person should look.
 */
guessed: boolean, 
/**
 * Which column is which field, of a table.
 */
mapping: Mapping | null, 
/**
 * What a column can be.
 */
choices: Array<ColumnChoice>, 
/**
 * The contacts, in the order of the file.
 */
rows: Array<ContactRow>, 
/**
 * What is not understood and not taken.
 */
leftOut: Array<LeftOutRow>, 
/**
 * What the cards hold and contacts do not keep (`BDAY`, `PHOTO`).
 */
notKept: Array<string>, };

export type ContactRead = { 
/**
 * The study whose contacts they become; `None` for people of the directory.
 */
study: StudyId | null, 
/**
 * The file.
 */
path: string, 
/**
 * What its letters are (`GB18030`, `Big5`, `UTF-8`); `None` lets the file tell.
 */
charset: string | null, 
/**
 * Which column is which field; `None` takes what was chosen before, or the heads' words.
 */
mapping: Mapping | null, };

export type ContactRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its name in Latin letters beside a Chinese one.
 */
latinName: string, 
/**
 * The hospital or company.
 */
organisation: string, 
/**
 * Whether the directory has an organisation of exactly this name.
 */
knownOrganisation: boolean, 
/**
 * The department.
 */
department: string, 
/**
 * The professional title.
 */
title: string, 
/**
 * The role in words.
 */
role: string, 
/**
 * Telephones and fax machines.
 */
phones: Array<PhoneRow>, 
/**
 * E-mail addresses.
 */
emails: Array<string>, 
/**
 * WeChat.
 */
wechat: string, 
/**
 * To when a GCP certificate is valid; empty when it is not said. Time: as written.
 */
gcpUntil: string, 
/**
 * What else is said.
 */
note: string, 
/**
 * The site as written; empty when none is.
 */
siteText: string, 
/**
 * The site of the study that this names.
 */
site: EntityId | null, 
/**
 * Who here may be meant.
 */
alike: Alike | null, 
/**
 * Whether there is little doubt that she is.
 */
sure: boolean, 
/**
 * Who of the directory a contact of a study may be, where there is doubt.
 */
person: Alike | null, 
/**
 * The place of an earlier row that says the same.
 */
twin: number | null, };

export type ContactStanding = { 
/**
 * The contact.
 */
contact: EntityId, 
/**
 * The site; `None` for the study as a whole.
 */
site: EntityId | null, 
/**
 * How she stands today.
 */
standing: CredentialStanding, 
/**
 * Whether it is named where a site's readiness is looked at: it ends soon or is
 * over, and the delegation log does not say so already.
 */
ending: boolean, };

export type ContactsTaken = { 
/**
 * New entries.
 */
added: number, 
/**
 * Entries that got something they lacked.
 */
completed: number, 
/**
 * New organisations.
 */
organisations: number, };

export type Copies = { 
/**
 * Copies on paper.
 */
paper: number, 
/**
 * Whether files are wanted as well.
 */
electronic: boolean, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, };

export type Counts = { 
/**
 * Lines with a changed text, type or level; split and merged ones too.
 */
changed: number, 
/**
 * New lines.
 */
added: number, 
/**
 * Lines that are gone.
 */
removed: number, 
/**
 * Lines that stand elsewhere.
 */
moved: number, };

export type CredentialEnd = { 
/**
 * The person in the directory; the contact of the study who is nobody there.
 */
person: EntityId, 
/**
 * Her name.
 */
name: Bilingual, 
/**
 * Code of `credentialKind`.
 */
kind: string, 
/**
 * Its last day. Time: `YYYY-MM-DD`.
 */
until: string, 
/**
 * A study that names her.
 */
study: StudyId, 
/**
 * Where it names her: an assignment or a contact.
 */
entity: EntityId, 
/**
 * The site's hospital there; empty for the study as a whole.
 */
siteName: string, };

export type CredentialStanding = { 
/**
 * Code of `credentialKind`.
 */
kind: string, 
/**
 * The rung of the ladder.
 */
state: CredentialState, 
/**
 * The credential that decides; `None` when there is none.
 */
credential: EntityId | null, 
/**
 * Its last day; empty without one. Time: `YYYY-MM-DD`.
 */
until: string, 
/**
 * Days to its last day, negative when it is over; `None` without one. Units: days.
 */
days: number | null, 
/**
 * Why none is wanted; empty unless waived.
 */
reason: string, };

export type CredentialState = "valid" | "waived" | "expiring" | "missing" | "expired";

export type CredentialsEnding = { 
/**
 * Those whose end comes first, no more than a screen can list.
 */
credentials: Array<CredentialEnd>, 
/**
 * How many there are.
 */
n: number, };

export type DatePrecision = "day" | "month" | "quarter" | "year";

export type DeadlineList = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its version.
 */
version: string, 
/**
 * The rules, in order.
 */
rules: Array<DeadlineRule>, };

export type DeadlineRule = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * What it is counted from.
 */
trigger: Bilingual, 
/**
 * How long: `24h`, `30d`, `10b` (working days), `12m`, `3y`; empty when a letter sets the day.
 */
period: string, 
/**
 * Whether it begins anew when it was met.
 */
repeats: boolean, 
/**
 * Whether the day is entered, not counted.
 */
dated: boolean, 
/**
 * Reminders before the day. Units: days.
 */
warnDays: Array<number>, 
/**
 * The instrument.
 */
source: string, 
/**
 * The part of it; empty when it has none.
 */
article: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * A remark; both languages empty when there is none.
 */
note: Bilingual, };

export type DeadlineStart = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The site; `None` for the study itself.
 */
site: EntityId | null, 
/**
 * Key of the rule.
 */
key: string, 
/**
 * The day, or the moment `YYYY-MM-DDThh:mm` in Shanghai where hours are counted.
 */
trigger: string, 
/**
 * How long instead of the rule's own; empty takes the rule's.
 */
period: string, 
/**
 * The day, where a letter sets it; else empty.
 */
date: string, 
/**
 * A remark.
 */
note: string, };

export type DeadlineStarted = { 
/**
 * The milestone that it is.
 */
milestone: EntityId, };

export type DelegationLog = { 
/**
 * The entries, by site and first day.
 */
rows: Array<DutyRow>, 
/**
 * Contacts there of whom a GCP certificate is known.
 */
contacts: Array<ContactStanding>, };

export type DelegationRef = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The site; `None` for all of the study.
 */
site: EntityId | null, };

export type DeviceList = { 
/**
 * The laptops, oldest first.
 */
devices: Array<DeviceRow>, };

export type DeviceName = { 
/**
 * The device.
 */
device: string, 
/**
 * Its name.
 */
label: string, };

export type DeviceRef = { 
/**
 * The device.
 */
device: string, };

export type DeviceRow = { 
/**
 * The device.
 */
device: string, 
/**
 * What its person calls it; may be empty.
 */
label: string, 
/**
 * Time: since when it is connected, UTC.
 */
since: string, 
/**
 * Time: when it was last heard of, UTC.
 */
seen: string | null, 
/**
 * Time: when its access was withdrawn, UTC.
 */
revoked: string | null, 
/**
 * Whether it is this one.
 */
isThis: boolean, };

export type Diagnosis = { 
/**
 * The text, without content or names.
 */
text: string, };

export type DirectoryAnswer = { 
/**
 * The directory that takes new entries: `study` of `entity.add`. It begins with its
 * first entry.
 */
directory: StudyId, 
/**
 * People that were asked for.
 */
people: Array<PersonRow>, 
/**
 * How many people fit the filter.
 */
nPeople: number, 
/**
 * Every organisation.
 */
organisations: Array<OrganisationRow>, 
/**
 * Codes of partner hospitals that no organisation here is yet (`directory.partner`).
 */
partners: Array<string>, 
/**
 * The name of whoever works here, while nobody of the directory has it (`directory.own`).
 */
own: Bilingual | null, 
/**
 * Fields of entries in conflict.
 */
conflicts: Array<ConflictRow>, };

export type DirectoryLink = { 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * The directory that it stands in.
 */
directory: StudyId, };

export type DirectoryList = { 
/**
 * Words that all stand in a person's line; empty for everybody.
 */
query: string, 
/**
 * Whether those put aside are shown too.
 */
archived: boolean, 
/**
 * How many people are left out at the beginning.
 */
skip: number, 
/**
 * Most people that are given.
 */
limit: number, };

export type DirectoryUse = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * Its title, Chinese or else English.
 */
title: string, 
/**
 * The entity that points: a site, a contact, an assignment.
 */
entity: EntityId, 
/**
 * Its kind.
 */
kind: string, 
/**
 * The register.
 */
field: string, 
/**
 * The site; `None` for the study as a whole.
 */
site: EntityId | null, 
/**
 * The site's hospital as the study spells it, Chinese or else English.
 */
siteName: string, 
/**
 * Code of `contactRole`; empty for a site.
 */
role: string, 
/**
 * First day, as written.
 */
from: string, 
/**
 * Last day, as written.
 */
until: string, 
/**
 * Whether an assignment is not over; true for anything else.
 */
open: boolean, };

export type DisclosureRow = { 
/**
 * The entry of the log.
 */
id: EntityId, 
/**
 * When. Time: device time, UTC, RFC 3339.
 */
at: string, 
/**
 * Who gave them out.
 */
byName: string, 
/**
 * The study whose contacts they were; `None` for people of the directory.
 */
study: StudyId | null, 
/**
 * Its title, Chinese or else English; empty without a study or when it is not here.
 */
title: string, 
/**
 * `vcf`, `zip`, `csv` or `xlsx`.
 */
format: string, 
/**
 * How many.
 */
n: number, 
/**
 * To whom.
 */
to: string, 
/**
 * Why.
 */
purpose: string, };

export type DiseaseArea = { 
/**
 * The code that studies carry.
 */
code: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Words in conditions that point to it, in lower case: Latin ones as the start of a word,
 * those after `*` and Chinese ones anywhere.
 */
words: Array<string>, };

export type DocumentAttach = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The document.
 */
document: EntityId, 
/**
 * The file.
 */
path: string, 
/**
 * The form token: the operations of `file` that were on screen.
 */
seen: Array<string>, };

export type DocumentFile = { 
/**
 * The file.
 */
file: BlobRef, };

export type DocumentSave = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The document.
 */
document: EntityId, 
/**
 * The file.
 */
path: string, };

export type Done = Record<symbol, never>;

export type Doubled = { 
/**
 * `individual` or `organisation`.
 */
kind: string, 
/**
 * The records, oldest first.
 */
records: Array<DirectoryLink>, 
/**
 * Their names, in the same order.
 */
names: Array<string>, };

export type Draft = { 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * The register.
 */
field: string, 
/**
 * What was typed.
 */
value: JsonValue, 
/**
 * The form token that the typing started from.
 */
seen: Array<string>, };

export type DraftList = { 
/**
 * The drafts, oldest first.
 */
drafts: Array<Draft>, };

export type DraftPut = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * The register.
 */
field: string, 
/**
 * What is typed so far; `None` forgets the draft.
 */
value: JsonValue | null, 
/**
 * The form token that the typing started from.
 */
seen: Array<string>, };

export type DutyCheck = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The site; `None` for the study as a whole.
 */
site: EntityId | null, 
/**
 * Who; `None` for somebody who is not in the directory yet.
 */
person: EntityId | null, 
/**
 * Code of `contactRole`.
 */
role: string, 
/**
 * Codes of `task`.
 */
tasks: Array<string>, 
/**
 * First day. Time: `YYYY-MM-DD`.
 */
from: string, 
/**
 * Who authorises it.
 */
by: EntityId | null, 
/**
 * When. Time: `YYYY-MM-DD`.
 */
on: string, };

export type DutyFinding = { "code": "removed" } | { "code": "noPerson" } | { "code": "noRole" } | { "code": "noStart" } | { "code": "noTasks" } | { "code": "endsBeforeStart" } | { "code": "doubled", 
/**
 * The first day of the other entry. Time: `YYYY-MM-DD`.
 */
on: string, } | { "code": "notAuthorised" } | { "code": "authorisedBySelf" } | { "code": "notInCharge", 
/**
 * The day. Time: `YYYY-MM-DD`.
 */
on: string, } | { "code": "authorisedLate", 
/**
 * The day of the authorisation. Time: `YYYY-MM-DD`.
 */
on: string, } | { "code": "credentialAtStart", 
/**
 * Code of `credentialKind`.
 */
kind: string, 
/**
 * How it stood.
 */
state: CredentialState, 
/**
 * The first day. Time: `YYYY-MM-DD`.
 */
on: string, } | { "code": "credentialNow", 
/**
 * Code of `credentialKind`.
 */
kind: string, 
/**
 * How it stands.
 */
state: CredentialState, 
/**
 * Its last day; empty without one. Time: `YYYY-MM-DD`.
 */
until: string, } | { "code": "credentialsElsewhere" };

export type DutyFindings = { 
/**
 * The findings.
 */
findings: Array<DutyFinding>, };

export type DutyRow = { 
/**
 * The assignment.
 */
id: EntityId, 
/**
 * The site; `None` for the study as a whole.
 */
site: EntityId | null, 
/**
 * The site's hospital, Chinese or else English.
 */
siteName: string, 
/**
 * The person in the directory, joined persons as one; `None` while nobody is named.
 */
person: DirectoryLink | null, 
/**
 * Her name, Chinese: as the directory has it, or else as it was written here.
 */
nameZh: string, 
/**
 * Her name in Latin letters, likewise.
 */
nameEn: string, 
/**
 * Code of `contactRole`.
 */
role: string, 
/**
 * Codes of `task`.
 */
tasks: Array<string>, 
/**
 * First day, as written.
 */
from: string, 
/**
 * Last day, as written; empty while it runs.
 */
until: string, 
/**
 * Who authorised it: the name, each language empty where there is none.
 */
authorisedBy: Bilingual, 
/**
 * When, as written.
 */
authorisedOn: string, 
/**
 * Initials.
 */
initials: string, 
/**
 * Whether it is not over.
 */
open: boolean, 
/**
 * Whether it is shown by deletion alone.
 */
removed: boolean, 
/**
 * How she stands today with what her role asks for; empty while her directory is not here.
 */
standings: Array<CredentialStanding>, 
/**
 * What is wrong with it.
 */
findings: Array<DutyFinding>, 
/**
 * Whether one of the findings breaks a rule.
 */
breach: boolean, };

export type Enrolment = { 
/**
 * How many are planned; 0 when nobody said.
 */
target: number, 
/**
 * The planned numbers that stand beside each other after an exchange; empty without a conflict.
 */
rivalTargets: Array<number>, 
/**
 * Whether a count is in conflict.
 */
rivalCounts: boolean, 
/**
 * How many were screened.
 */
screened: number, 
/**
 * How many were enrolled.
 */
enrolled: number, 
/**
 * The day of the last count; empty when there is none.
 */
asOf: string, 
/**
 * The present pace. Units: participants in 30 days; `None` when it cannot be said.
 */
pace: number | null, 
/**
 * The day on which the plan is reached at this pace; empty when it cannot be said.
 */
reachedOn: string, 
/**
 * The counts, by day: day, screened, enrolled.
 */
counts: Array<[string, number, number]>, };

export type Entity = { 
/**
 * The entity.
 */
id: EntityId, 
/**
 * Its kind, see [`crate::kind`].
 */
kind: string, 
/**
 * What it belongs to; `None` for the study itself.
 */
parent: EntityId | null, 
/**
 * Place among its siblings, compared as text.
 */
ord: string, 
/**
 * Whether it is shown.
 */
mark: EntityMark, 
/**
 * Fields by register name (`title.zh`); fields never written are absent.
 */
fields: { [key in string]: Register }, };

export type EntityAdd = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The kind.
 */
kind: string, 
/**
 * What it belongs to; `None` means the study.
 */
parent: EntityId | null, 
/**
 * Its registers.
 */
fields: { [key in string]: JsonValue }, 
/**
 * The sibling that it follows; `None` means at the end.
 */
after: EntityId | null, };

export type EntityAdded = { 
/**
 * The part.
 */
entity: EntityId, };

export type EntityId = string;

export type EntityMark = "live" | "archived" | "editedUnseen";

export type EntityMove = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The part.
 */
entity: EntityId, 
/**
 * The sibling that it follows; `None` means to the front.
 */
after: EntityId | null, };

export type EntityRef = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The part.
 */
entity: EntityId, 
/**
 * The operations that were on screen, of it and its children.
 */
seen: Array<string>, };

export type EntryJoin = { 
/**
 * The one that stays.
 */
keep: EntityId, 
/**
 * The one that is read through it from now on.
 */
other: EntityId, };

export type EntryRef = { 
/**
 * The person or organisation.
 */
id: EntityId, };

export type Event = { "type": "changed", 
/**
 * `studies`, `study:<id>`, `conflicts`, `history`, `settings`.
 */
topics: Array<string>, } | { "type": "sync", 
/**
 * The state.
 */
status: SyncStatus, } | { "type": "progress", 
/**
 * The job.
 */
job: number, 
/**
 * `read`, `import`, `wordRead`, `wordMatch`, `pdf`, `backup`.
 */
stage: string, 
/**
 * Done so far.
 */
done: number, 
/**
 * Of how many; 0 when not known.
 */
total: number, 
/**
 * What is being done: a file's or study's name.
 */
what: string, } | { "type": "import", 
/**
 * The job.
 */
job: number, 
/**
 * Whether this is the preview.
 */
preview: boolean, 
/**
 * Whether it was cancelled half-way; what is in the report is stored.
 */
cancelled: boolean, 
/**
 * What would be, or was, done.
 */
report: ImportReport, } | { "type": "locked" } | { "type": "dropped", 
/**
 * The files.
 */
paths: Array<string>, 
/**
 * Where, from the left. Units: pixels of the page.
 */
x: number, 
/**
 * Where, from the top. Units: pixels of the page.
 */
y: number, } | { "type": "menu", 
/**
 * Its name.
 */
item: string, };

export type ExportCtgov = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The file to write.
 */
path: string, };

export type FactPlace = { 
/**
 * The kind of entity.
 */
kind: string, 
/**
 * The entity; `None` while the study has none of the kind.
 */
entity: EntityId | null, 
/**
 * The register; empty for the entity as a whole.
 */
field: string, };

export type Failure = { 
/**
 * How it is shown.
 */
kind: FailureKind, 
/**
 * The label key of the sentence.
 */
code: string, 
/**
 * Values for the sentence.
 */
params: { [key in string]: string }, 
/**
 * Found again in the log; empty when nothing was logged.
 */
traceId: string, };

export type FailureKind = "invalid" | "notFound" | "conflict" | "refused" | "unavailable" | "internal";

export type Field = { 
/**
 * The kind of entity.
 */
kind: string, 
/**
 * The field's name; a bilingual one has the registers `name.zh` and `name.en`.
 */
name: string, 
/**
 * How it is entered.
 */
input: Input, 
/**
 * Whether it has a Chinese and an English register.
 */
bilingual: boolean, 
/**
 * Whether its values travel as detachable payloads (free text, names, contact details).
 */
hidden: boolean, 
/**
 * The group it is shown in.
 */
group: string, 
/**
 * The coded list for [`Input::Code`] and [`Input::Codes`]; empty otherwise.
 */
codes: string, 
/**
 * Chinese label.
 */
zh: string, 
/**
 * English label.
 */
en: string, };

export type FieldSaved = { 
/**
 * The register as it stands now; `None` when the field was never written.
 */
register: Register | null, };

export type FieldSet = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * The register.
 */
field: string, 
/**
 * The new value; null clears.
 */
value: JsonValue, 
/**
 * The form token: the operations that were on screen.
 */
seen: Array<string>, 
/**
 * The reason in words.
 */
why: string | null, };

export type FileLimits = { 
/**
 * Largest file; `None` without a limit. Units: bytes.
 */
fileBytesMax: number | null, 
/**
 * Ends of names that it takes, as `pdf`; empty for any.
 */
types: Array<string>, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, };

export type FileRef = { 
/**
 * The file.
 */
path: string, };

export type FileWritten = { 
/**
 * The file.
 */
path: string, 
/**
 * Pages, of a PDF.
 */
pages: number | null, 
/**
 * Remarks in the language of the interface.
 */
warnings: Array<string>, };

export type Finding = { "kind": "sameNumber", 
/**
 * The number.
 */
number: string, 
/**
 * The studies.
 */
studies: Array<StudyId>, 
/**
 * Their titles.
 */
titles: Array<string>, };

export type FindingLevel = "must" | "should" | "note";

export type FormFieldKind = "text" | "table" | "sign" | "signDate";

export type FormSet = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its version.
 */
version: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Where it comes from.
 */
source: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * Since when it holds. Time: a date, or a part of one.
 */
validFrom: string, 
/**
 * What is to be known about it.
 */
note: Bilingual | null, 
/**
 * Language of the material: `zh`, `en` or `both`.
 */
language: string, 
/**
 * How many copies.
 */
copies: Copies, 
/**
 * How changes are shown.
 */
redline: RedlineRule, 
/**
 * How files are named.
 */
naming: NamingRule, 
/**
 * What the portal takes.
 */
limits: FileLimits, 
/**
 * Keys of `deadlines.json` that follow from an approval.
 */
deadlines: Array<string>, 
/**
 * Its forms.
 */
forms: Array<SetForm>, 
/**
 * What is wanted, by type of submission.
 */
lists: Array<SetList>, };

export type FormSetBlank = { 
/**
 * Key of its form.
 */
form: string, 
/**
 * Its places that take a field.
 */
cells: Array<FormSetCell>, };

export type FormSetCell = { 
/**
 * The place.
 */
at: string, 
/**
 * The words; empty for a tick and where nothing is known.
 */
text: string, 
/**
 * Whether a tick is set.
 */
ticked: boolean, };

export type FormSetChoice = { 
/**
 * The path.
 */
path: string, 
/**
 * Whom or what it speaks of.
 */
group: Bilingual, 
/**
 * What of it.
 */
name: Bilingual, };

export type FormSetChoices = { 
/**
 * Where fields may be filled from.
 */
sources: Array<FormSetChoice>, 
/**
 * When something may be wanted.
 */
conditions: Array<FormSetChoice>, 
/**
 * Parts of our own package that may answer an item.
 */
made: Array<string>, 
/**
 * Keys of the deadlines that may follow.
 */
deadlines: Array<FormSetChoice>, };

export type FormSetExport = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its version.
 */
version: string, 
/**
 * The file.
 */
path: string, };

export type FormSetFault = { 
/**
 * Where: empty for the set, `naming`, `forms/FORM`, `forms/FORM/PART/FIELD`, `lists/N`,
 * `lists/N/ITEM` with `N` from 0.
 */
place: string, 
/**
 * What is wrong: `formset.fault.<code>`.
 */
code: string, 
/**
 * What stands there.
 */
what: string, };

export type FormSetPreview = { 
/**
 * The set.
 */
set: FormSet, 
/**
 * Code of `submissionType`.
 */
kind: string, 
/**
 * The study; `None` to look at the set alone.
 */
study: StudyId | null, 
/**
 * The site; `None` for the study's first.
 */
site: EntityId | null, };

export type FormSetRead = { 
/**
 * The set; `None` when the file holds none.
 */
set: FormSet | null, 
/**
 * What is wrong with it.
 */
faults: Array<FormSetFault>, 
/**
 * Whether it is here already, the same in every part.
 */
known: boolean, };

export type FormSetRow = { 
/**
 * The set.
 */
set: FormSet, 
/**
 * The directory that it stands in; `None` for one that comes with the program.
 */
directory: StudyId | null, 
/**
 * Its entry there.
 */
entry: EntityId | null, 
/**
 * `KEY VERSION` of the one that it was made from.
 */
from: string, 
/**
 * Why it was made.
 */
reason: string, 
/**
 * Whether another entry gives its version to another content.
 */
rival: boolean, 
/**
 * How many submissions were made with it.
 */
nSubmissions: number, 
/**
 * Whether it is the newest version of its key.
 */
newest: boolean, 
/**
 * Names of the hospitals that start from it.
 */
hospitals: Array<string>, };

export type FormSetSave = { 
/**
 * The set; without a version it gets the next one.
 */
set: FormSet, 
/**
 * `KEY VERSION` of the one that it was made from; empty when it was read from a file.
 */
from: string, 
/**
 * Why it was made.
 */
why: string, };

export type FormSetSaved = { 
/**
 * Its entry.
 */
entry: EntityId, 
/**
 * Its version.
 */
version: string, };

export type FormSetSheet = { 
/**
 * What is wrong with it.
 */
faults: Array<FormSetFault>, 
/**
 * The committee's list of a study's site; empty without a study.
 */
list: Array<SubmissionItem>, 
/**
 * The forms, filled.
 */
forms: Array<SubmissionForm>, 
/**
 * What would stand in the places of the office's blanks.
 */
blanks: Array<FormSetBlank>, 
/**
 * Names of files by its rule.
 */
names: Array<string>, 
/**
 * The version that it would get.
 */
version: string, };

export type FormSets = { 
/**
 * The sets.
 */
rows: Array<FormSetRow>, };

export type Head = { 
/**
 * The operation id: part of the form token.
 */
op: string, 
/**
 * Lamport number of its commit: greater than those of all commits that its writer had.
 */
lam: number, 
/**
 * The value; null when cleared.
 */
value: JsonValue, 
/**
 * Whether the value was redacted.
 */
redacted: boolean, 
/**
 * Who wrote it.
 */
by: PersonId, 
/**
 * The writer's name as known here; empty when unknown.
 */
byName: string, 
/**
 * The laptop that wrote it, shortened for reading.
 */
device: string, 
/**
 * Time: device time, UTC, RFC 3339.
 */
at: string, 
/**
 * Offset of the writer's local time. Units: minutes.
 */
tzMinutes: number, };

export type HeadingBy = "style" | "number" | "bold" | "start";

export type HeldChange = { 
/**
 * The entity.
 */
entity: string, 
/**
 * What it is called.
 */
entityName: string, 
/**
 * Its kind.
 */
kind: string, 
/**
 * The register.
 */
field: string, 
/**
 * What stands there now.
 */
now: JsonValue, 
/**
 * What it would become.
 */
to: JsonValue, };

export type HeldCommit = { 
/**
 * The commit's id.
 */
id: string, 
/**
 * The study.
 */
study: string, 
/**
 * Who wrote it; empty when no name is known.
 */
by: string, 
/**
 * Whether it was written here.
 */
own: boolean, 
/**
 * Time: what the author's laptop said, UTC.
 */
at: string, 
/**
 * Time: receipt at the center, UTC.
 */
receivedAt: string | null, 
/**
 * What became of it.
 */
state: ReviewState, 
/**
 * Who decided; empty when nobody did.
 */
decidedBy: string, 
/**
 * Why it was dismissed or adopted.
 */
why: string | null, 
/**
 * What it would change.
 */
changes: Array<HeldChange>, };

export type Hindrance = { 
/**
 * `conflict`, `draft` (typing that is not saved), `suggestion` (open ones of a Word file),
 * `unsent` (changes that the center does not have), `setAside` (a member's commits kept apart).
 */
what: string, 
/**
 * The word that leaves it out: a path (`FIELD` of the study, `KIND/ID/FIELD`), or [`Self::what`].
 */
path: string, 
/**
 * The entity, of a conflict or a draft.
 */
entity: EntityId | null, 
/**
 * The register, of a conflict or a draft.
 */
field: string, 
/**
 * How many, of what is counted.
 */
n: number, };

export type HindranceList = { 
/**
 * The hindrances.
 */
rows: Array<Hindrance>, };

export type History = { 
/**
 * The study; `None` means all.
 */
study: StudyId | null, 
/**
 * The entity; `None` means the whole study.
 */
entity: EntityId | null, 
/**
 * The register; `None` means the whole entity.
 */
field: string | null, 
/**
 * Most entries wanted.
 */
limit: number, 
/**
 * Entries to skip.
 */
skip: number, };

export type HistoryAnswer = { 
/**
 * The entries.
 */
entries: Array<HistoryEntry>, 
/**
 * Whether there is more.
 */
more: boolean, };

export type HistoryEntry = { 
/**
 * The operation.
 */
op: string, 
/**
 * Number of the commit within the device's own, with the device: groups what was saved at once.
 */
commit: string, 
/**
 * The study.
 */
study: StudyId, 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * Its kind.
 */
kind: string, 
/**
 * What to call the entity (site name, milestone name), empty for the study.
 */
entityName: Bilingual, 
/**
 * What the entity lies in (the hospital of a milestone), empty for what is the study's own.
 */
place: Bilingual, 
/**
 * The register.
 */
field: string, 
/**
 * The values that it replaced.
 */
from: Array<JsonValue>, 
/**
 * The new value.
 */
to: JsonValue, 
/**
 * Whether the new value was redacted.
 */
redacted: boolean, 
/**
 * Who.
 */
by: PersonId, 
/**
 * The writer's name; empty when unknown.
 */
byName: string, 
/**
 * The laptop, shortened for reading.
 */
device: string, 
/**
 * Time: device time, UTC.
 */
at: string, 
/**
 * Offset of the writer's local time. Units: minutes.
 */
tzMinutes: number, 
/**
 * Time: when the center received it, UTC; `None` while it waits.
 */
receivedAt: string | null, 
/**
 * Coded reason.
 */
whyCode: string | null, 
/**
 * Reason in words.
 */
whyText: string | null, 
/**
 * Imported from (`ctgov NCT… 2026-02-05`), where it was.
 */
source: string | null, };

export type Hospital = { 
/**
 * The code that site records carry.
 */
code: string, 
/**
 * Full name.
 */
name: Bilingual, 
/**
 * Short name for lists.
 */
short: Bilingual, 
/**
 * The ethics committee's name.
 */
committee: Bilingual, 
/**
 * City.
 */
city: Bilingual, 
/**
 * Spellings in registries that speak of this hospital alone; compared in lower case as parts
 * of a facility name.
 */
spellings: Array<string>, 
/**
 * Spellings that other cities have too; they count in this hospital's city only.
 */
citySpellings: Array<string>, };

export type ImportChange = { 
/**
 * The entity's kind.
 */
kind: string, 
/**
 * What to call the entity; empty for the study.
 */
entityName: string, 
/**
 * The register; `_del` when the record no longer has the entity.
 */
field: string, 
/**
 * The value at the previous import; null for a new one.
 */
from: JsonValue, 
/**
 * The value now.
 */
to: JsonValue, 
/**
 * Whether a local edit stands, so that both will show.
 */
conflict: boolean, };

export type ImportEntry = { 
/**
 * The file.
 */
file: string, 
/**
 * Place of the record in the file, from 0.
 */
index: number, 
/**
 * Outcome.
 */
status: ImportStatus, 
/**
 * The study, where there is one.
 */
study: StudyId | null, 
/**
 * The record's own number; empty when it could not be read.
 */
number: string, 
/**
 * The record's title; empty when it could not be read.
 */
title: string, 
/**
 * Changed fields of an update.
 */
changes: Array<ImportChange>, 
/**
 * Remarks by label key.
 */
warnings: Array<string>, 
/**
 * Paths kept as residue.
 */
notUnderstood: Array<string>, 
/**
 * Paths not carried.
 */
notCarried: Array<string>, 
/**
 * Why it was refused, by label key.
 */
reason: string | null, };

export type ImportFiles = { 
/**
 * Files and folders.
 */
paths: Array<string>, };

export type ImportReport = { 
/**
 * One entry per record.
 */
entries: Array<ImportEntry>, };

export type ImportRun = { 
/**
 * The preview's job.
 */
job: number, 
/**
 * Places of the records in the preview that are wanted.
 */
chosen: Array<number>, };

export type ImportStatus = "imported" | "updated" | "unchanged" | "refused";

export type Input = "line" | "text" | "rich" | "date" | "integer" | "decimal" | "bool" | "code" | "codes" | "list" | "reference" | "file" | "residue";

export type JobRef = { 
/**
 * The job.
 */
job: number, };

export type JobStarted = { 
/**
 * The job.
 */
job: number, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

export type KeychainSet = { 
/**
 * On or off.
 */
on: boolean, };

export type Lang = "zh" | "en";

export type LangSet = { 
/**
 * The language.
 */
lang: Lang, };

export type LeftOutRow = { 
/**
 * The sheet of a workbook; else empty.
 */
sheet: string, 
/**
 * The row or line, from 1.
 */
row: number, 
/**
 * The head of the column; empty when the whole row is meant.
 */
head: string, 
/**
 * What stands there, as far as it was read.
 */
value: string, 
/**
 * Why, by label key.
 */
reason: string, };

export type Line = { 
/**
 * What it is.
 */
what: What, 
/**
 * The entity in the new protocol; of something removed, in the old one.
 */
entity: EntityId, 
/**
 * The same block in the old protocol, where it had another entity (two Word files).
 */
was: EntityId | null, 
/**
 * The section that it stands in, by its entity in the new protocol unless it is gone; `None`
 * for facts, but why a section does not apply stands in it.
 */
section: EntityId | null, 
/**
 * Of a fact, its kind of entity; of a block, its type; of a title, `section`.
 */
kind: string, 
/**
 * Of a fact, its register without the language; of a title, the section's key; else empty.
 */
name: string, 
/**
 * Level of a title, from 1; indent of an item, from 0.
 */
level: number, 
/**
 * Code of `listType` of an item.
 */
list: string, 
/**
 * The table that a row belongs to.
 */
table: string, 
/**
 * Layout of a row, as text of JSON.
 */
layout: string, 
/**
 * Its type, level and list before, where one of them changed.
 */
before?: Shape, 
/**
 * What became of it.
 */
state: State, 
/**
 * The Chinese text with its changes; the cells of a row are parted by U+0009. Where a block
 * ended that went into this one, U+2029 was taken out, a span by itself.
 */
zh: Array<Span>, 
/**
 * The English text with its changes.
 */
en: Array<Span>, };

export type ListStatus = "have" | "recorded" | "made" | "lack" | "notApplicable" | "open";

export type LogLine = { 
/**
 * A code of the interface, such as `ui.error`.
 */
code: string, 
/**
 * The place in the interface.
 */
place: string, };

export type Mapping = { 
/**
 * The sheets, in the order of the workbook.
 */
sheets: Array<SheetMapping>, };

export type MarkKind = "b" | "i" | "u" | "s" | "sub" | "sup" | "a" | "fn";

export type MemberChange = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * What changes.
 */
changes: Array<MemberSet>, 
/**
 * Why; may be empty.
 */
why: string, };

export type MemberList = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * Everybody, by name.
 */
members: Array<MemberRow>, 
/**
 * Whether this account may change it.
 */
mayChange: boolean, 
/**
 * Time: when the center said so, UTC.
 */
asOf: string, 
/**
 * Whether the center was out of reach, and this is what it said last.
 */
isKept: boolean, };

export type MemberRow = { 
/**
 * The account's id.
 */
user: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its role; `None` when its part ended.
 */
role: string | null, 
/**
 * Time: since when, UTC.
 */
since: string, 
/**
 * Who said so: an account's name, or empty for the center itself.
 */
by: string, 
/**
 * Why, where a reason was given.
 */
why: string | null, };

export type MemberSet = { 
/**
 * The account's id or name at the center.
 */
account: string, 
/**
 * `pi`, `co-investigator`, `coordinator` or `reader`; `None` when its part ends.
 */
role: string | null, };

export type MilestoneAct = "new" | "changed" | "same" | "noSite";

export type MilestoneApply = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The sites; none for the study itself.
 */
sites: Array<EntityId>, 
/**
 * Key of the list.
 */
list: string, 
/**
 * Which, with their dates.
 */
rows: Array<MilestoneChosen>, };

export type MilestoneChange = { 
/**
 * The register.
 */
field: string, 
/**
 * As it is; null when it is empty.
 */
from: JsonValue, 
/**
 * As the table has it.
 */
to: JsonValue, };

export type MilestoneChosen = { 
/**
 * Its key.
 */
key: string, 
/**
 * The planned date; empty leaves it to the rule.
 */
planned: string, };

export type MilestoneClone = { 
/**
 * From which study.
 */
from: StudyId, 
/**
 * From which of its sites; `None` for the study itself.
 */
fromSite: EntityId | null, 
/**
 * To which study.
 */
to: StudyId, 
/**
 * To which of its sites; `None` for the study itself.
 */
toSite: EntityId | null, };

export type MilestoneExport = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * As what.
 */
format: TableFormat, 
/**
 * The language of heads and names.
 */
lang: Lang, 
/**
 * The file to write.
 */
path: string, };

export type MilestoneFault = { 
/**
 * The register.
 */
field: string, 
/**
 * The stable word of what is wrong with it; its words are under `desk.check.<code>`.
 */
complaint: string, };

export type MilestoneFile = { 
/**
 * Names the preview when it is carried out.
 */
preview: number, 
/**
 * The file's name.
 */
file: string, 
/**
 * What its letters were read as; empty for a workbook.
 */
charset: string, 
/**
 * Whether that was guessed, so that a person should look.
 */
guessed: boolean, 
/**
 * Which column is which field.
 */
mapping: Mapping, 
/**
 * What a column can be.
 */
choices: Array<ColumnChoice>, 
/**
 * The rows, in the order of the file.
 */
rows: Array<MilestoneFileRow>, 
/**
 * What is not understood and not taken.
 */
leftOut: Array<LeftOutRow>, };

export type MilestoneFileRow = { 
/**
 * The sheet of a workbook; else empty.
 */
sheet: string, 
/**
 * The row, from 1.
 */
row: number, 
/**
 * The site as written; empty for the study itself.
 */
siteText: string, 
/**
 * The site of the study that this names.
 */
site: EntityId | null, 
/**
 * The milestone that is meant.
 */
milestone: EntityId | null, 
/**
 * Its key.
 */
key: string, 
/**
 * Its name, Chinese.
 */
nameZh: string, 
/**
 * Its name, English.
 */
nameEn: string, 
/**
 * What taking the row in would do.
 */
act: MilestoneAct, 
/**
 * What would change, or what a new one has.
 */
changes: Array<MilestoneChange>, 
/**
 * Why it cannot be taken in; `None` when it can.
 */
fault: MilestoneFault | null, };

export type MilestoneImport = { 
/**
 * The preview.
 */
preview: number, 
/**
 * Places of the rows in the preview that are wanted.
 */
rows: Array<number>, 
/**
 * Why; needed when planned dates move.
 */
why: string, };

export type MilestoneList = { 
/**
 * Its key, for example `cn-iit-site`.
 */
key: string, 
/**
 * Its version; whatever is made of it keeps this.
 */
version: string, 
/**
 * Whose milestones they are: `study` or `site`.
 */
level: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Where it comes from.
 */
source: Bilingual, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * The milestone that is day 0; empty when there is none.
 */
anchor: string, 
/**
 * Bars of the timeline.
 */
phases: Array<PlanPhase>, 
/**
 * The milestones, in order.
 */
items: Array<MilestoneListItem>, };

export type MilestoneListItem = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Whether its place in the path of a study is `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * What its date follows from ([`Rule`]); empty when a person sets it.
 */
rule: string, 
/**
 * The same as `verification`, for the rule; empty without a rule.
 */
ruleVerification: string, 
/**
 * Keys of those that must be done before it.
 */
needs: Array<string>, 
/**
 * Whether somebody else has to answer.
 */
awaitsReply: boolean, 
/**
 * The instrument that asks for it; empty when none is named.
 */
source: string, };

export type MilestoneLists = { 
/**
 * Lists of milestones.
 */
lists: Array<MilestoneList>, 
/**
 * Rules of deadlines.
 */
deadlines: DeadlineList, };

export type MilestonePreview = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The site; `None` for the study itself.
 */
site: EntityId | null, 
/**
 * Key of the list.
 */
list: string, 
/**
 * Dates that the person chose, by key of the milestone.
 */
dates: { [key in string]: string }, };

export type MilestoneRead = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The file.
 */
path: string, 
/**
 * What its letters are; `None` lets the file tell.
 */
charset: string | null, 
/**
 * Which column is which field; `None` takes what was chosen before, or the heads' words.
 */
mapping: Mapping | null, 
/**
 * Sites that a person says texts of the file name, by the text.
 */
sites: { [key in string]: EntityId }, };

export type NamingRule = { 
/**
 * A pattern of `{study}`, `{no}`, `{item}`, `{title}`, `{version}`, `{date}`, `{lang}`.
 */
pattern: string, 
/**
 * Where it comes from; empty as the set.
 */
source: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, };

export type Nothing = Record<symbol, never>;

export type OfficeStanding = { 
/**
 * The office.
 */
office: EntityId, 
/**
 * How it stands with what it holds.
 */
standings: Array<CredentialStanding>, };

export type OpenVault = { 
/**
 * Its folder.
 */
path: string, 
/**
 * Whether it is the sample, which cannot be connected.
 */
sample: boolean, 
/**
 * Who works here.
 */
profile: Profile, 
/**
 * Settings of this laptop.
 */
settings: { [key in string]: string }, };

export type OrganisationRow = { 
/**
 * The organisation.
 */
id: EntityId, 
/**
 * The directory that it stands in.
 */
directory: StudyId, 
/**
 * Code of `organisationKind`; empty when unknown.
 */
kind: string, 
/**
 * Name, Chinese; empty when there is none.
 */
nameZh: string, 
/**
 * Name, English; empty when there is none.
 */
nameEn: string, 
/**
 * Short name, Chinese or else English.
 */
short: string, 
/**
 * City.
 */
city: string, 
/**
 * Code of `hospitalLevel`; empty when unknown.
 */
level: string, 
/**
 * People who belong to it.
 */
nPeople: number, 
/**
 * Sites of studies that point at it.
 */
nSites: number, 
/**
 * How many studies point at it or at a part of it: a change touches so many.
 */
nStudies: number, 
/**
 * Fields in conflict, those of its parts counted.
 */
nConflicts: number, 
/**
 * Whether it was put aside.
 */
archived: boolean, };

export type OrganisationSheet = { 
/**
 * Its line in the list.
 */
row: OrganisationRow, 
/**
 * Its fields, with their rivals.
 */
entity: Entity, 
/**
 * Entities of the same organisation that were joined into this one.
 */
also: Array<Entity>, 
/**
 * Its departments, committees and offices.
 */
parts: Array<Entity>, 
/**
 * Credentials of its offices.
 */
credentials: Array<Entity>, 
/**
 * How its offices stand with them.
 */
standings: Array<OfficeStanding>, 
/**
 * Who belongs to it.
 */
people: Array<PersonRow>, 
/**
 * Where studies point at it or at a part of it, by study.
 */
uses: Array<DirectoryUse>, 
/**
 * The directory of each entity here that stands in another one than its own.
 */
homes: { [key in EntityId]: StudyId }, };

export type PackagePage = { 
/**
 * The package.
 */
preview: number, 
/**
 * The page, from 1.
 */
page: number, 
/**
 * How wide its picture is. Units: pixels.
 */
width: number, };

export type PackagePart = { 
/**
 * Its place in the committee's list.
 */
no: number, 
/**
 * Its title.
 */
title: string, 
/**
 * Its version; empty when it has none.
 */
version: string, 
/**
 * Its date; empty when it has none.
 */
date: string, 
/**
 * The name of its own file.
 */
name: string, 
/**
 * The document that it is; `None` for what we made.
 */
document: EntityId | null, 
/**
 * Its first page in the whole; 0 when it is not in it.
 */
firstPage: number, 
/**
 * Its last page; 0 when it is not in it.
 */
lastPage: number, 
/**
 * Why it is not in the whole: code of `package.refusal`; empty when it is.
 */
refused: string, };

export type PackagePicture = { 
/**
 * PNG as Base64.
 */
png: string, };

export type PackagePreview = { 
/**
 * Names it when pages are asked for and when it is written.
 */
preview: number, 
/**
 * The name of the whole.
 */
name: string, 
/**
 * Pages of the whole.
 */
pages: number, 
/**
 * The language of our pages in it; `None` where a program that sent it did not note it.
 */
lang: PdfLang | null, 
/**
 * What is in it, in order.
 */
parts: Array<PackagePart>, 
/**
 * What was not put in, and what else is to be known, in words.
 */
remarks: Array<string>, };

export type PackageWritten = { 
/**
 * The folder.
 */
path: string, 
/**
 * The files, the whole first.
 */
files: Array<string>, 
/**
 * Pages of the whole.
 */
pages: number, 
/**
 * What was not put in, and what else is to be known, in words.
 */
remarks: Array<string>, };

export type PartnerRef = { 
/**
 * Its code.
 */
code: string, };

export type PassphraseJudge = { 
/**
 * The text; never stored.
 */
passphrase: string, };

export type PassphraseSet = { 
/**
 * The new passphrase.
 */
passphrase: string, };

export type PdfExport = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * Which document.
 */
kind: PdfKind, 
/**
 * The site, for what is about one.
 */
site: EntityId | null, 
/**
 * The version, for a protocol; `None` is the working text.
 */
version: EntityId | null, 
/**
 * The language.
 */
lang: PdfLang, 
/**
 * The file to write.
 */
path: string, };

export type PdfKind = "dossier" | "submission" | "protocol" | "readiness" | "delegation" | "timeline";

export type PdfLang = "zh" | "en" | "both";

export type PersonForget = { 
/**
 * The person in the directory.
 */
id: EntityId, 
/**
 * Why, in words.
 */
why: string, };

export type PersonId = string;

export type PersonRow = { 
/**
 * The person.
 */
id: EntityId, 
/**
 * The directory that she stands in.
 */
directory: StudyId, 
/**
 * Name, Chinese; empty when there is none.
 */
nameZh: string, 
/**
 * Name in Latin letters; empty when there is none.
 */
nameEn: string, 
/**
 * Title.
 */
title: Bilingual, 
/**
 * The organisation, where one of the directory is named.
 */
organisation: EntityId | null, 
/**
 * Its name.
 */
organisationName: Bilingual, 
/**
 * The department's name.
 */
department: Bilingual, 
/**
 * Phone.
 */
phone: string, 
/**
 * Mobile.
 */
mobile: string, 
/**
 * E-mail.
 */
email: string, 
/**
 * WeChat.
 */
wechat: string, 
/**
 * Roles that run now, codes of `contactRole`.
 */
roles: Array<string>, 
/**
 * The worst of what she holds and of what her roles ask for; `None` when that is nothing.
 */
state: CredentialState | null, 
/**
 * The soonest end of what is expiring or expired; empty otherwise. Time: `YYYY-MM-DD`.
 */
until: string, 
/**
 * How many studies point at her: a change of hers touches so many.
 */
nStudies: number, 
/**
 * Fields in conflict, those of her credentials counted.
 */
nConflicts: number, 
/**
 * Whether she was put aside.
 */
archived: boolean, };

export type PersonSheet = { 
/**
 * Her line in the list.
 */
row: PersonRow, 
/**
 * Her fields, with their rivals.
 */
entity: Entity, 
/**
 * The same person's entities that were joined into this one.
 */
also: Array<Entity>, 
/**
 * Her credentials, the ones put aside left out.
 */
credentials: Array<Entity>, 
/**
 * How she stands with what she holds and what her roles ask for.
 */
standings: Array<CredentialStanding>, 
/**
 * Where studies point at her, by study.
 */
uses: Array<DirectoryUse>, 
/**
 * The directory of each entity here that stands in another one than hers.
 */
homes: { [key in EntityId]: StudyId }, };

export type PhoneRow = { 
/**
 * The number as written.
 */
number: string, 
/**
 * The extension; empty when there is none.
 */
extension: string, 
/**
 * What it is: words under `phone.line.<line>`.
 */
line: string, 
/**
 * The owner's own word for it; empty when there is none.
 */
label: string, };

export type PickFile = { 
/**
 * What for.
 */
purpose: PickPurpose, 
/**
 * A proposed name, for saving.
 */
name: string, };

export type PickPurpose = "importFiles" | "importFolder" | "savePdf" | "saveCtgov" | "saveBackup" | "openBackup" | "backupFolder" | "vaultFolder" | "saveRecovery" | "openWord" | "saveWord" | "saveJson" | "openContacts" | "saveContacts" | "saveCalendar" | "openTable" | "saveTable" | "openDocument" | "saveDocument" | "packageFolder" | "openYear" | "openBlank" | "saveBundle" | "openBundle" | "openFormSet" | "saveFormSet";

export type Picked = { 
/**
 * Files or folders.
 */
paths: Array<string>, };

export type PlanAll = { 
/**
 * The day. Time: `YYYY-MM-DD` in Shanghai.
 */
today: string, 
/**
 * The studies.
 */
studies: Array<StudySpan>, };

export type PlanBar = { 
/**
 * Key of the phase.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * When it began or is to be expected to. Time: `YYYY-MM-DD`, or as exactly as it is known.
 */
from: string, 
/**
 * When it ended or is to be expected to.
 */
to: string, 
/**
 * First day by the baseline; empty when there is none.
 */
baselineFrom: string, 
/**
 * Last day by the baseline; empty when there is none.
 */
baselineTo: string, 
/**
 * Whether its end is done.
 */
done: boolean, };

export type PlanBaseline = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The dates, as they are on screen.
 */
dates: Array<PlanDate>, 
/**
 * The reason; must be given where a baseline changes.
 */
why: string, };

export type PlanDate = { 
/**
 * The milestone.
 */
milestone: EntityId, 
/**
 * The date: `YYYY-MM-DD`, `YYYY-MM`, `YYYY-Qn` or `YYYY`; empty clears it.
 */
date: string, 
/**
 * The form token: the operations of this register that were on screen.
 */
seen: Array<string>, };

export type PlanLane = { 
/**
 * The site; `None` for the study itself.
 */
site: EntityId | null, 
/**
 * The site's hospital; the study's title.
 */
name: Bilingual, 
/**
 * What its milestones were made of: keys with versions.
 */
origins: Array<string>, 
/**
 * Bars of the timeline that have a beginning and an end.
 */
bars: Array<PlanBar>, 
/**
 * What is planned, in order.
 */
rows: Array<PlanRow>, 
/**
 * Where enrolment stands.
 */
enrolment: Enrolment, };

export type PlanPhase = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Key of the milestone that begins it.
 */
from: string, 
/**
 * Key of the milestone that ends it.
 */
to: string, };

export type PlanPoint = { 
/**
 * The milestone.
 */
id: EntityId, 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * The day: done, else expected. Time: `YYYY-MM-DD`, or as exactly as it is known.
 */
date: string, 
/**
 * By the baseline; empty when there is none.
 */
baseline: string, 
/**
 * Whether it is done.
 */
done: boolean, 
/**
 * Whether its day has passed and it is not done.
 */
overdue: boolean, 
/**
 * Whether the day rests on working days that are not announced yet.
 */
provisional: boolean, };

export type PlanReplan = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The new planned dates.
 */
dates: Array<PlanDate>, 
/**
 * The reason.
 */
why: string, };

export type PlanRow = { 
/**
 * What it is about.
 */
what: PlanWhat, 
/**
 * The entity that it stands in and where it is settled.
 */
id: EntityId, 
/**
 * The entity's kind.
 */
kind: string, 
/**
 * The register that settles it.
 */
field: string, 
/**
 * The milestone's key, or the deadline's; empty for one of the person's own.
 */
key: string, 
/**
 * What to call it.
 */
name: Bilingual, 
/**
 * As it was when the plan was approved.
 */
baseline: string, 
/**
 * As it is planned; empty when it follows from its rule.
 */
planned: string, 
/**
 * When it was done.
 */
actual: string, 
/**
 * Whether the actual day was told by the sites or by enrolment, not noted here.
 */
derived: boolean, 
/**
 * Different actual days that stand beside each other after an exchange.
 */
rivalActuals: Array<string>, 
/**
 * The same of planned days.
 */
rivalPlanned: Array<string>, 
/**
 * Registers in conflict.
 */
conflicts: Array<string>, 
/**
 * The day it is due: surely in time. Time: `YYYY-MM-DD`; empty when it has none.
 */
due: string, 
/**
 * The last day that the law allows, where days were counted; else empty.
 */
legal: string, 
/**
 * The moment it is due, for hours. Time: RFC 3339 in Shanghai; else empty.
 */
dueAt: string, 
/**
 * How exactly the due day is known.
 */
precision: DatePrecision, 
/**
 * Whether the due day rests on working days that are not announced yet.
 */
provisional: boolean, 
/**
 * What is to be expected. Time: `YYYY-MM-DD`; empty when it cannot be said.
 */
forecast: string, 
/**
 * How exactly the forecast is known.
 */
forecastPrecision: DatePrecision, 
/**
 * Whether the forecast rests on working days that are not announced yet.
 */
forecastProvisional: boolean, 
/**
 * Whether its days follow from numbers of participants that are in conflict.
 */
disputed: boolean, 
/**
 * What holds the forecast up.
 */
pushedBy: Array<EntityId>, 
/**
 * Forecast minus baseline. Units: days; `None` when one of them is missing.
 */
slip: number | null, 
/**
 * How it stands.
 */
status: PlanStatus, 
/**
 * Days until it is due; negative when it is late, `None` without a day.
 */
daysLeft: number | null, 
/**
 * What its date follows from; empty when a person sets it.
 */
rule: string, 
/**
 * The day or moment that the rule counts from, when it is the line's own.
 */
trigger: string, 
/**
 * How often it is due anew; empty when it is done once.
 */
repeat: string, 
/**
 * What it was made of: list and version; empty for the person's own.
 */
origin: string, 
/**
 * What must be done before it.
 */
needs: Array<EntityId>, 
/**
 * What of that is not done.
 */
blockedBy: Array<EntityId>, 
/**
 * What has to come first, gates of the study among it: of what is open, what is open too; of
 * what is done, what was not done when this was.
 */
missing: Array<EntityId>, 
/**
 * Others with the same key in the same place: two people added one milestone each.
 */
twins: Array<EntityId>, 
/**
 * Whether somebody else has to answer, and is being waited for.
 */
waiting: boolean, 
/**
 * Why it does not apply.
 */
notApplicable: string, 
/**
 * The day that it would be due by its plan or rule, where it does not apply; else empty.
 */
otherwiseDue: string, 
/**
 * A remark.
 */
note: string, 
/**
 * The document that proves the actual day.
 */
evidence: EntityId | null, 
/**
 * Whether it is done by the person's own word, without a document or a remark that proves it.
 */
unproven: boolean, 
/**
 * Whether other days are counted from its actual day: changing that one wants a reason.
 */
countedFrom: boolean, 
/**
 * Form tokens of the dates: register, operations on screen.
 */
seen: { [key in string]: Array<string> }, };

export type PlanStatus = "achieved" | "overdue" | "blocked" | "dueSoon" | "upcoming" | "undated" | "notApplicable";

export type PlanWhat = "milestone" | "deadline" | "approvalExpiry" | "continuingReview" | "reply";

export type PreviewAnswer = { 
/**
 * Its milestones, in order.
 */
rows: Array<PreviewRow>, };

export type PreviewRow = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * The milestone that is here already; its dates are left alone.
 */
existing: EntityId | null, 
/**
 * The day: as given, as it stands, or by the rule. Time: `YYYY-MM-DD`, or as given; empty when
 * nothing gives one.
 */
date: string, 
/**
 * Whether the day follows from the rule.
 */
byRule: boolean, 
/**
 * The last day that the law allows where days were counted over days off; else empty.
 */
legal: string, 
/**
 * Whether the day rests on working days that are not announced yet.
 */
provisional: boolean, 
/**
 * What its date follows from; empty when a person sets it.
 */
rule: string, 
/**
 * `verified`, `secondary` or `unverified`; empty without a rule.
 */
ruleVerification: string, 
/**
 * The instrument; empty when none is named.
 */
source: string, 
/**
 * Keys of those that must be done before it.
 */
needs: Array<string>, };

export type Profile = { 
/**
 * Name, Chinese.
 */
nameZh: string, 
/**
 * Name, English.
 */
nameEn: string, 
/**
 * Partner hospital's code, or any hospital's name.
 */
hospital: string, 
/**
 * Role code.
 */
role: string, };

export type ProtocolChange = { "do": "set", 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * The register.
 */
field: string, 
/**
 * The value.
 */
value: JsonValue, 
/**
 * The operations that were on screen; none for an entity that is added in the same save.
 */
seen: Array<string>, } | { "do": "add", 
/**
 * Its id, made by the editor: a UUID of version 7 that the study does not have.
 */
id: EntityId, 
/**
 * A kind of the protocol, or `suggestion`.
 */
kind: string, 
/**
 * What it belongs to; `None` for the study itself.
 */
parent: EntityId | null, 
/**
 * The sibling that it stands behind; `None` for the first place.
 */
after: EntityId | null, 
/**
 * Its registers.
 */
fields: { [key in string]: JsonValue }, } | { "do": "archive", 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * The operations that were on screen of all of it.
 */
seen: Array<string>, } | { "do": "restore", 
/**
 * The entity.
 */
entity: EntityId, } | { "do": "move", 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * What it belongs to from now on; `None` when that stays.
 */
parent: EntityId | null, 
/**
 * The sibling that it stands behind; `None` for the first place.
 */
after: EntityId | null, };

export type ProtocolCheck = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The key of a template, or `spirit-2025`.
 */
template: string, };

export type ProtocolSave = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The changes, in order.
 */
changes: Array<ProtocolChange>, 
/**
 * The reason in words.
 */
why: string | null, };

export type ProtocolSaved = { 
/**
 * Every register that was set, as it stands now.
 */
registers: Array<SavedRegister>, };

export type Readiness = { 
/**
 * The site.
 */
site: EntityId, 
/**
 * Its hospital.
 */
name: Bilingual, 
/**
 * The next milestone that waits for others; `None` when there is none any more.
 */
next: PlanRow | null, 
/**
 * What blocks it, the most urgent first.
 */
blocking: Array<PlanRow>, 
/**
 * What is done and was done before what has to come first.
 */
early: Array<PlanRow>, 
/**
 * Everything else that is open before it, by its day; what has none comes last.
 */
open: Array<PlanRow>, 
/**
 * What is done of what the next step needs.
 */
nDone: number, 
/**
 * What the next step needs, those that do not apply left out.
 */
nNeeded: number, 
/**
 * Gates of the study that are open: nobody may be enrolled anywhere before them.
 */
studyGates: Array<PlanRow>, 
/**
 * Ends of validity and answers that are awaited.
 */
letters: Array<PlanRow>, 
/**
 * Where enrolment stands.
 */
enrolment: Enrolment, 
/**
 * Years whose working days are not announced yet, where one of its days rests on them.
 */
missingYears: Array<number>, };

export type RecoveryCode = { 
/**
 * The code.
 */
code: string, };

export type Redline = { 
/**
 * Every line, unchanged ones too.
 */
lines: Array<Line>, 
/**
 * How many of each.
 */
counts: Counts, };

export type RedlineAnswer = { 
/**
 * The redline.
 */
redline: Redline, 
/**
 * Its changes by section.
 */
table: Array<ChangeRow>, 
/**
 * What the old one is called.
 */
fromLabel: string, 
/**
 * What the new one is called.
 */
toLabel: string, };

export type RedlineExport = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The old one; `None` is the working text.
 */
from: EntityId | null, 
/**
 * The new one; `None` is the working text.
 */
to: EntityId | null, 
/**
 * The site whose committee it is for.
 */
site: EntityId | null, 
/**
 * The language.
 */
lang: PdfLang, 
/**
 * How changes are shown.
 */
style: RedlineStyle, 
/**
 * The kind of file.
 */
format: RedlineFormat, 
/**
 * Whether sections without a change are left out of a PDF.
 */
onlyChanged: boolean, 
/**
 * The file to write.
 */
path: string, };

export type RedlineFormat = "pdf" | "docx" | "json";

export type RedlineGet = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The old one.
 */
from: EntityId | null, 
/**
 * The new one.
 */
to: EntityId | null, };

export type RedlinePictures = { 
/**
 * Values of `image` in the old one, where the new one has another or none.
 */
old: { [key in EntityId]: string }, 
/**
 * Values of `image` in the new one.
 */
new: { [key in EntityId]: string }, };

export type RedlineRule = { 
/**
 * `underline`, `shaded`, `clean` or `sideBySide`.
 */
style: string, 
/**
 * Whether the clean text is wanted as well.
 */
clean: boolean, 
/**
 * Where it comes from; empty as the set.
 */
source: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, };

export type RedlineStyle = "underline" | "shaded" | "clean" | "sideBySide" | "table";

export type Reference = { 
/**
 * Every field.
 */
fields: Array<Field>, 
/**
 * Every code.
 */
codes: Array<Code>, 
/**
 * The center with its hospitals and disease areas.
 */
center: Center, 
/**
 * Study templates.
 */
templates: Array<Template>, 
/**
 * What roles at a site ask for.
 */
roles: Array<RoleRule>, };

export type Register = { 
/**
 * The heads; the first is displayed. Never empty.
 */
heads: Array<Head>, 
/**
 * Whether the heads differ in value.
 */
conflict: boolean, };

export type RegistryNote = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * `who`, `chictr` or `nmr`.
 */
registry: string, 
/**
 * The day. Time: `YYYY-MM-DD`.
 */
date: string, 
/**
 * A remark.
 */
note: string, };

export type RegistryRef = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * `who`, `chictr` or `nmr`.
 */
registry: string, };

export type RegistrySheet = { 
/**
 * Code of the list `registry`.
 */
registry: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Version of the list of fields.
 */
version: string, 
/**
 * Where the list of fields comes from.
 */
source: Bilingual, 
/**
 * The part of the source; empty when it has none.
 */
article: Bilingual, 
/**
 * Since when the source holds. Time: a date, or a part of one; empty when unknown.
 */
validFrom: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * Day of the last upload; empty when none is noted. Time: `YYYY-MM-DD`.
 */
uploadedOn: string, 
/**
 * The fields, in the registry's order.
 */
rows: Array<SheetRow>, 
/**
 * Fields that are wanted and empty.
 */
nMissing: number, 
/**
 * Fields that changed since the last upload.
 */
nChanged: number, };

export type Reminder = { 
/**
 * What to remind of.
 */
line: TodayLine, 
/**
 * The step: how many days before the day, 0 on it, -1 once it is late.
 */
days: number, };

export type ReminderWishes = { 
/**
 * Whether at all.
 */
on: boolean, 
/**
 * When the quiet hours begin. Time: `hh:mm`, local.
 */
quietFrom: string, 
/**
 * When they end; the same as the beginning: there are none.
 */
quietTo: string, 
/**
 * Whether a notification names what is due, or says how much alone.
 */
names: boolean, };

export type RemindersDue = { 
/**
 * The reminders, by day.
 */
reminders: Array<Reminder>, };

export type ReplyBegun = { 
/**
 * The round.
 */
reply: EntityId, };

export type ReviewDecide = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * Their ids.
 */
ids: Array<string>, 
/**
 * Why; must be given to dismiss.
 */
why: string, };

export type ReviewList = { 
/**
 * Newest first.
 */
held: Array<HeldCommit>, 
/**
 * The studies in it about which this person decides.
 */
decides: Array<StudyId>, };

export type ReviewState = "open" | "adopted" | "dismissed";

export type RivalText = { 
/**
 * Its operation.
 */
op: string, 
/**
 * What it changed in the base.
 */
spans: Array<Span>, };

export type RoleRule = { 
/**
 * Code of the list `contactRole`.
 */
code: string, 
/**
 * Whether it authorises others.
 */
leads: boolean, 
/**
 * Whether it stands in the delegation log.
 */
logged: boolean, 
/**
 * Kinds of credential that must be valid on the first day.
 */
credentials: Array<string>, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * Where that is taken from.
 */
source: string, };

export type RowKind = "contacts" | "milestones" | "sites" | "skip";

export type SavedRegister = { 
/**
 * The entity.
 */
entity: EntityId, 
/**
 * The register's name.
 */
field: string, 
/**
 * The register; `None` when it was never written.
 */
register: Register | null, };

export type Search = { 
/**
 * The words.
 */
query: string, 
/**
 * Most hits wanted.
 */
limit: number, };

export type SearchAnswer = { 
/**
 * The hits, best first.
 */
hits: Array<SearchHit>, };

export type SearchHit = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The study's title, Chinese or else English.
 */
title: string, 
/**
 * The study's number.
 */
number: string, 
/**
 * The entity that holds the hit.
 */
entity: EntityId, 
/**
 * Its kind.
 */
kind: string, 
/**
 * The register that holds the hit.
 */
field: string, 
/**
 * Text around the hit.
 */
excerpt: string, 
/**
 * Ranges of the hit in the excerpt. Units: UTF-16 code units, start and end.
 */
marks: Array<[number, number]>, };

export type SectionChoice = { 
/**
 * Its place in the file, from 0.
 */
at: number, 
/**
 * What becomes of it.
 */
to: SectionTarget, 
/**
 * The section of the study, for [`SectionTarget::Existing`].
 */
section: EntityId | null, };

export type SectionTarget = "new" | "skip" | "existing";

export type SentDocument = { 
/**
 * The document; it may have been changed or archived since.
 */
document: EntityId | null, 
/**
 * Its title.
 */
title: string, 
/**
 * Its version; empty when it had none.
 */
version: string, 
/**
 * Its date; empty when it had none.
 */
date: string, };

export type SentPackage = { 
/**
 * The tagged hash of its bytes.
 */
package: string, 
/**
 * The file's name.
 */
name: string, 
/**
 * Units: bytes.
 */
size: number, 
/**
 * Its pages; 0 where they were not noted.
 */
pages: number, 
/**
 * `zh`, `en` or `both`; empty where it was not noted.
 */
lang: string, 
/**
 * The day of sending as it was noted with it.
 */
sentOn: string, 
/**
 * Who sent it; empty when unknown.
 */
byName: string, 
/**
 * The laptop, shortened for reading.
 */
device: string, 
/**
 * Time: device time, UTC, RFC 3339.
 */
at: string, 
/**
 * Offset of the writer's local time. Units: minutes.
 */
tzMinutes: number, 
/**
 * Whether its bytes are on this laptop.
 */
isHere: boolean, 
/**
 * Whether it stands; one that does not was set aside.
 */
stands: boolean, };

export type SetForm = { 
/**
 * Its key, unique in the set.
 */
key: string, 
/**
 * The office's own number of it; empty when it has none.
 */
code: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * Its parts, in order.
 */
parts: Array<SetFormPart>, 
/**
 * The office's own blank; without one the form is printed as ours.
 */
blank?: Blank, };

export type SetFormField = { 
/**
 * Its key, unique in its part.
 */
key: string, 
/**
 * What the form calls it.
 */
label: Bilingual, 
/**
 * Where its content comes from, one after the other ([`fill()`]); without any, a person
 * answers it.
 */
fill: Array<string>, 
/**
 * What goes into it.
 */
kind: FormFieldKind, 
/**
 * Whether it may not stay empty.
 */
required: boolean, };

export type SetFormPart = { 
/**
 * Its key, unique in the form.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * What is printed above the place to sign, as whoever signs declares it.
 */
text?: Bilingual, 
/**
 * Its fields, in order.
 */
fields: Array<SetFormField>, };

export type SetItem = { 
/**
 * Its key, unique in the list.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Kinds of document (`documentKind`) that answer it.
 */
kinds: Array<string>, 
/**
 * The part of our own package that answers it; empty when none does.
 */
made: string, 
/**
 * The form that answers it, where `made` is `form`.
 */
form: string, 
/**
 * When it is wanted ([`holds`]); empty for always.
 */
when: Array<Array<string>>, 
/**
 * Whether a person says if it applies.
 */
ask: boolean, 
/**
 * Whether it carries a version and a version date.
 */
dated: boolean, 
/**
 * Whether it is signed.
 */
signed: boolean, 
/**
 * Whether it asks for what the committee has not had: an amended document, a later opinion.
 */
revised?: boolean, 
/**
 * `must` or `should`: what it means when it is missing; empty for `must`.
 */
level: string, 
/**
 * `verified`, `secondary` or `unverified`, where it is graded otherwise than its list.
 */
verification?: string, };

export type SetList = { 
/**
 * Codes of `submissionType`.
 */
types: Array<string>, 
/**
 * The studies that it is for ([`holds`]); empty for all.
 */
when: Array<Array<string>>, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * The rule that it is taken from.
 */
source: string, 
/**
 * The article of the rule; empty when it has none.
 */
article: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * What is wanted, in order.
 */
items: Array<SetItem>, };

export type SettingSet = { 
/**
 * Its name.
 */
key: string, 
/**
 * Its value; `None` forgets it.
 */
value: string | null, };

export type Shape = { 
/**
 * Its type; of a title, `section`.
 */
kind: string, 
/**
 * Level of a title, from 1; indent of an item, from 0.
 */
level: number, 
/**
 * Code of `listType` of an item.
 */
list: string, 
/**
 * The table that a row belongs to.
 */
table: string, 
/**
 * Layout of a row, as text of JSON.
 */
layout: string, };

export type SheetLang = "pair" | "public" | "zh" | "any" | "same";

export type SheetMapping = { 
/**
 * The sheet's name; empty for a CSV file.
 */
sheet: string, 
/**
 * What its rows are.
 */
rows: RowKind, 
/**
 * The row with the heads of the columns, from 1; 0 when none was found.
 */
headRow: number, 
/**
 * Its columns with a head, from left to right.
 */
columns: Array<ColumnMapping>, };

export type SheetRow = { 
/**
 * The page it stands on.
 */
page: Bilingual, 
/**
 * Its key; of a repeated field, with the entity behind a slash.
 */
key: string, 
/**
 * Its number as printed; empty when it has none.
 */
number: string, 
/**
 * Which of the repeated ones it is, from 1; 0 for a field that stands once.
 */
repeat: number, 
/**
 * The registry's label.
 */
label: Bilingual, 
/**
 * Whether the registry wants it, for this study.
 */
required: Wanted, 
/**
 * Which languages it is given in.
 */
lang: SheetLang, 
/**
 * The value, Chinese or in no language.
 */
zh: string, 
/**
 * The value, English or in no language.
 */
en: string, 
/**
 * The same at the last upload; empty when none is noted.
 */
wasZh: string, 
/**
 * The same at the last upload.
 */
wasEn: string, 
/**
 * Whether it changed since the last upload; never without one.
 */
changed: boolean, 
/**
 * Whether it is wanted and empty, in a language that counts.
 */
missing: boolean, 
/**
 * Whether it rests on a conflict; then every rival stands in the value, `◆` between them.
 */
unresolved: boolean, 
/**
 * Where the value stands.
 */
places: Array<FactPlace>, 
/**
 * Where to write it while it is missing; empty when the study has no field for it.
 */
fill: Array<FactPlace>, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, };

export type SiteRef = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The site.
 */
site: EntityId, };

export type SiteSpan = { 
/**
 * The site.
 */
site: EntityId, 
/**
 * Its hospital.
 */
name: Bilingual, 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, 
/**
 * How many milestones are done.
 */
nDone: number, 
/**
 * How many there are.
 */
n: number, 
/**
 * How many are late.
 */
nOverdue: number, };

export type SiteStanding = { 
/**
 * The site.
 */
site: EntityId, 
/**
 * The site's hospital, Chinese or else English.
 */
siteName: string, 
/**
 * The site's hospital, English or else Chinese; a partner hospital has both.
 */
siteNameEn: string, 
/**
 * The version approved there last: the base of the next redline for this committee.
 */
current: EntityId | null, 
/**
 * Its number; for an approval noted by hand without a frozen version, the number noted.
 */
number: string, 
/**
 * Day of its approval.
 */
approvedOn: string, 
/**
 * Number of its letter.
 */
letter: string, 
/**
 * Last day of validity.
 */
validUntil: string, 
/**
 * A version that was submitted there and is not decided.
 */
pending: EntityId | null, };

export type Span = { 
/**
 * Kept, put in or taken out.
 */
op: SpanOp, 
/**
 * The text.
 */
text: string, 
/**
 * Marks over all of it; a note has the empty text.
 */
marks: Array<MarkKind>, 
/**
 * The address of a link; empty otherwise.
 */
href?: string, };

export type SpanOp = "same" | "insert" | "delete";

export type SpelledSite = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The study's title, Chinese or else English.
 */
title: string, 
/**
 * The site.
 */
site: EntityId, 
/**
 * The hospital as the study spells it, Chinese.
 */
nameZh: string, 
/**
 * The hospital as the study spells it, English.
 */
nameEn: string, 
/**
 * City as written.
 */
city: string, };

export type SpellingGroup = { 
/**
 * The hospital of the directory; `None` when it has none of them yet.
 */
organisation: DirectoryLink | null, 
/**
 * The code of the partner hospital that is meant and that the directory does not have; else
 * empty.
 */
partner: string, 
/**
 * Its name, or else the spelling that stands most often.
 */
nameZh: string, 
/**
 * The same in English.
 */
nameEn: string, 
/**
 * City.
 */
city: string, 
/**
 * The least sure of the reasons.
 */
why: SpellingWhy, 
/**
 * The sites to be joined.
 */
sites: Array<SpelledSite>, };

export type SpellingJoin = { 
/**
 * The hospital.
 */
organisation: EntityId, 
/**
 * The sites: one commit and one step back for each study.
 */
sites: Array<SiteRef>, };

export type SpellingSheet = { 
/**
 * Sites, by hospital.
 */
groups: Array<SpellingGroup>, 
/**
 * Records that are there twice.
 */
doubled: Array<Doubled>, 
/**
 * Sites that name no hospital (`Research Site`) and are never suggested.
 */
nNameless: number, };

export type SpellingWhy = "same" | "known" | "shorter" | "slip" | "campus";

export type Standing = { 
/**
 * Frozen versions, newest first.
 */
versions: Array<VersionRow>, 
/**
 * Shown sites, in order.
 */
sites: Array<SiteStanding>, 
/**
 * The frozen version that says what the working text says now.
 */
workingEquals: EntityId | null, 
/**
 * Registers in which the working text differs from the newest version.
 */
changedSince: number, };

export type State = { "is": "same" } | { "is": "changed" } | { "is": "added" } | { "is": "removed" } | { "is": "moved", 
/**
 * The section that it came from; of a title, the one that it stood behind, itself where it
 * was the first.
 */
from: EntityId, } | { "is": "movedAway", 
/**
 * The section that it went to; of a title, the one that it stands behind now, itself
 * where it is the first.
 */
to: EntityId, } | { "is": "split", 
/**
 * The block that was split.
 */
from: EntityId, } | { "is": "merged", 
/**
 * The blocks that went into it, in the order of their texts; itself among them.
 */
from: Array<EntityId>, };

export type Strength = { 
/**
 * From 0 (useless) to 4 (very good).
 */
score: number, 
/**
 * The word for it, by label key.
 */
label: string, 
/**
 * What would help, by label key.
 */
advice: string | null, };

export type StudyAnswer = { 
/**
 * The study.
 */
doc: StudyDoc, 
/**
 * Its line in the list.
 */
row: StudyRow, 
/**
 * Unsaved typing.
 */
drafts: Array<Draft>, };

export type StudyCreate = { 
/**
 * Registers of the study.
 */
fields: { [key in string]: JsonValue }, 
/**
 * A template's key.
 */
template: string | null, 
/**
 * Codes of partner hospitals that take part; the first leads.
 */
hospitals: Array<string>, };

export type StudyCreated = { 
/**
 * The study.
 */
study: StudyId, };

export type StudyDoc = { 
/**
 * The study.
 */
id: StudyId, 
/**
 * All entities, the study's own first, then by kind, parent and order.
 */
entities: Array<Entity>, };

export type StudyId = string;

export type StudyJoin = { 
/**
 * The one that stays.
 */
keep: StudyId, 
/**
 * The one that goes into it.
 */
other: StudyId, };

export type StudyList = { 
/**
 * Its rows.
 */
rows: Array<StudyRow>, 
/**
 * What wants a decision.
 */
findings: Array<Finding>, };

export type StudyPlan = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The day that it was made for. Time: `YYYY-MM-DD` in Shanghai; empty for none.
 */
today: string, 
/**
 * The lanes, the study's own first.
 */
lanes: Array<PlanLane>, 
/**
 * Years in it whose working days are not announced yet.
 */
missingYears: Array<number>, };

export type StudyRef = { 
/**
 * The study.
 */
study: StudyId, };

export type StudyRow = { 
/**
 * The study.
 */
id: StudyId, 
/**
 * Short title, Chinese; empty when there is none.
 */
titleZh: string, 
/**
 * Short title, English; empty when there is none.
 */
titleEn: string, 
/**
 * Acronym; empty when there is none.
 */
acronym: string, 
/**
 * The first registry number there is (NCT, ChiCTR, national), else the study number.
 */
number: string, 
/**
 * Status code.
 */
status: string, 
/**
 * Phase codes joined by `|`.
 */
phase: string, 
/**
 * Study type code.
 */
studyType: string, 
/**
 * Disease area codes, as entered or else as the conditions point to.
 */
diseaseAreas: Array<string>, 
/**
 * Partner hospital codes of its sites.
 */
hospitals: Array<string>, 
/**
 * Name of the lead site or of the first one, Chinese or else English.
 */
leadSite: string, 
/**
 * Shown sites.
 */
nSites: number, 
/**
 * Fields in conflict.
 */
nConflicts: number, 
/**
 * Protocol version; empty when there is none.
 */
version: string, 
/**
 * Whether it is archived.
 */
archived: boolean, 
/**
 * The study that this one was joined into.
 */
joined: StudyId | null, 
/**
 * Time: newest commit's device time, UTC.
 */
changedAt: string, 
/**
 * Name of who wrote the newest commit.
 */
changedBy: string, 
/**
 * Whether commits wait for the center.
 */
waiting: boolean, };

export type StudySpan = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * Its title.
 */
title: Bilingual, 
/**
 * Its number.
 */
number: string, 
/**
 * Its status code.
 */
status: string, 
/**
 * Its own milestones that have a day.
 */
points: Array<PlanPoint>, 
/**
 * Its sites.
 */
sites: Array<SiteSpan>, 
/**
 * First day of all of it; empty when there is none.
 */
from: string, 
/**
 * Last day of all of it.
 */
to: string, 
/**
 * How many lines are late.
 */
nOverdue: number, };

export type SubmissionAnswer = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The round.
 */
reply: EntityId, 
/**
 * The day.
 */
on: string, };

export type SubmissionAsk = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * The day.
 */
on: string, 
/**
 * The questions, in order.
 */
questions: Array<string>, };

export type SubmissionCheck = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * Passwords of files, by the id of their document.
 */
passwords: { [key in string]: string }, };

export type SubmissionChoose = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * The tagged hash of the package.
 */
package: string, 
/**
 * The packages that were on screen.
 */
among: Array<string>, 
/**
 * Why it is this one.
 */
why: string, };

export type SubmissionCorrect = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * The register, one of those that are noted after sending.
 */
field: string, 
/**
 * What is right.
 */
value: string, 
/**
 * Why it was wrong.
 */
why: string, };

export type SubmissionCourse = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * `accept`, `file` or `withdraw`.
 */
step: SubmissionStep, 
/**
 * The day.
 */
on: string, 
/**
 * Number of acceptance, place of the file, or reason.
 */
text: string, };

export type SubmissionDecide = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * Code of `decisionResult`.
 */
result: string, 
/**
 * Further registers: number, day, validity, interval, conditions.
 */
fields: { [key in string]: JsonValue }, 
/**
 * Whether it is noted although a question is open, or another decision was noted before.
 */
anyway: boolean, };

export type SubmissionExport = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * As what.
 */
format: TableFormat, 
/**
 * The language of its words.
 */
lang: Lang, 
/**
 * The file to write.
 */
path: string, 
/**
 * The sites that are shown.
 */
sites: Array<EntityId>, 
/**
 * The submissions that are shown.
 */
submissions: Array<EntityId>, };

export type SubmissionField = { 
/**
 * Key of its part and its own, `part.key`.
 */
name: string, 
/**
 * What the form calls it.
 */
label: Bilingual, 
/**
 * What stands in it.
 */
text: Bilingual, 
/**
 * Whether a person wrote it for this submission.
 */
answered: boolean, 
/**
 * Whether it must be filled and is not.
 */
missing: boolean, 
/**
 * Whether a value that it rests on is in conflict.
 */
unresolved: boolean, };

export type SubmissionFinding = { 
/**
 * Its code, a line of `data/submission-rules.tsv`.
 */
code: string, 
/**
 * Its code and its place, by which it is left out: `fileMissing@document/ID/file`.
 */
key: string, 
/**
 * How much it weighs.
 */
level: FindingLevel, 
/**
 * Where to look.
 */
place: FactPlace, 
/**
 * What its words name.
 */
params: { [key in string]: Bilingual }, 
/**
 * The rule that it rests on.
 */
rule: SubmissionRule, };

export type SubmissionFindings = { 
/**
 * In the order of weight.
 */
rows: Array<SubmissionFinding>, };

export type SubmissionForm = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its fields, in order.
 */
fields: Array<SubmissionField>, };

export type SubmissionForms = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * The set's key.
 */
key: string, };

export type SubmissionItem = { 
/**
 * Its place, from 1.
 */
no: number, 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * How it stands.
 */
status: ListStatus, 
/**
 * Whether this study needs it.
 */
wanted: boolean, 
/**
 * Whether a person says if it applies.
 */
ask: boolean, 
/**
 * The part of our own package that answers it; empty when none does.
 */
made: string, 
/**
 * Kinds of document that answer it.
 */
kinds: Array<string>, 
/**
 * The documents that do.
 */
documents: Array<EntityId>, 
/**
 * What went along under it, as the list says that was kept at sending; empty before, and
 * where no list was kept or it has not come to this laptop.
 */
sent: Array<SentDocument>, 
/**
 * What somebody said about it.
 */
enclosures: Array<EntityId>, 
/**
 * Why it is missing or does not apply.
 */
reason: string, 
/**
 * Its grade where that is another than its list's: code of `verification`; else empty.
 */
verification: string, };

export type SubmissionMatrix = { 
/**
 * The sites.
 */
rows: Array<SubmissionMatrixRow>, };

export type SubmissionMatrixRow = { 
/**
 * The site.
 */
site: EntityId, 
/**
 * Its hospital, Chinese or else English.
 */
siteName: string, 
/**
 * Code of `siteRole`.
 */
role: string, 
/**
 * Number of the version approved there last; empty without one.
 */
approvedVersion: string, 
/**
 * Day of that approval.
 */
approvedOn: string, 
/**
 * Last day of its validity.
 */
validUntil: string, 
/**
 * The submissions.
 */
submissions: Array<SubmissionRow>, };

export type SubmissionNew = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The site.
 */
site: EntityId, 
/**
 * Code of `submissionType`.
 */
kind: string, 
/**
 * Key of a form set; empty for the one that the site starts from.
 */
forms: string, 
/**
 * The protocol version; `None` for the newest, in a report for the one approved last.
 */
version: EntityId | null, };

export type SubmissionPackage = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * The package.
 */
preview: number, 
/**
 * The folder.
 */
path: string, 
/**
 * Whether the single files are packed into one.
 */
zip: boolean, 
/**
 * Whether it is kept with the submission.
 */
keep: boolean, };

export type SubmissionPackages = { 
/**
 * In the order of sending.
 */
rows: Array<SentPackage>, };

export type SubmissionPreview = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * The language.
 */
lang: PdfLang, 
/**
 * Passwords of files, by the id of their document.
 */
passwords: { [key in string]: string }, };

export type SubmissionRef = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, };

export type SubmissionRow = { 
/**
 * The submission.
 */
id: EntityId, 
/**
 * Its site.
 */
site: EntityId, 
/**
 * The site's hospital, Chinese or else English.
 */
siteName: string, 
/**
 * The committee, Chinese or else English.
 */
committee: string, 
/**
 * Code of `submissionType`.
 */
kind: string, 
/**
 * Its round, from 1.
 */
round: number, 
/**
 * How far it is.
 */
state: SubmissionState, 
/**
 * Number of the protocol version submitted; empty without one.
 */
version: string, 
/**
 * The form set, `KEY@VERSION`.
 */
forms: string, 
/**
 * Day of sending; empty before it.
 */
sentOn: string, 
/**
 * Code of `decisionResult`; empty while there is none.
 */
result: string, 
/**
 * Number of the letter.
 */
letter: string, 
/**
 * Day of the decision.
 */
decidedOn: string, 
/**
 * Last day of validity.
 */
validUntil: string, 
/**
 * Code of `recognitionMode`; empty when none is set.
 */
recognition: string, 
/**
 * Whether the lead site's committee approved the version; `None` at the lead site itself.
 */
leadApproved: boolean | null, 
/**
 * Open questions of the committee.
 */
openPoints: number, };

export type SubmissionRule = { 
/**
 * The instrument or practice.
 */
source: string, 
/**
 * The article; empty when it has none.
 */
article: string, 
/**
 * The instrument in English, with its own name beside it; as it is named where a set of one's
 * own names it.
 */
sourceEn: string, 
/**
 * The article in English.
 */
articleEn: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, };

export type SubmissionSaveSent = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * The tagged hash of the package.
 */
package: string, 
/**
 * The file.
 */
path: string, };

export type SubmissionSend = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The submission.
 */
submission: EntityId, 
/**
 * The day.
 */
on: string, 
/**
 * Keys of findings that are sent along nevertheless.
 */
leaveOut: Array<string>, 
/**
 * Why they are.
 */
why: string, 
/**
 * Whether the package is made anew although one was kept.
 */
anew: boolean, 
/**
 * The language of the package, where none was kept.
 */
lang: PdfLang, 
/**
 * Passwords of files, by the id of their document.
 */
passwords: { [key in string]: string }, };

export type SubmissionSheet = { 
/**
 * Where it stands.
 */
row: SubmissionRow, 
/**
 * Its form set; `None` when that is not here.
 */
set: FormSet | null, 
/**
 * The committee's list, answered.
 */
list: Array<SubmissionItem>, 
/**
 * The forms that we fill.
 */
forms: Array<SubmissionForm>, 
/**
 * What is missing or does not fit.
 */
findings: Array<SubmissionFinding>, 
/**
 * The name of what was sent, a hash; empty before it is sent.
 */
hash: string, 
/**
 * The packages that were sent: one stands, unless two laptops sent it while apart.
 */
packages: Array<SentPackage>, 
/**
 * Signed and stamped scans of exactly what was sent.
 */
scans: Array<EntityId>, };

export type SubmissionState = "draft" | "checked" | "sent" | "accepted" | "queried" | "answered" | "decided" | "filed" | "withdrawn";

export type SubmissionStep = "check" | "send" | "accept" | "query" | "answer" | "decide" | "file" | "withdraw";

export type SuggestionSettle = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The suggestion.
 */
suggestion: EntityId, 
/**
 * Taken, or left.
 */
accept: boolean, };

export type SyncStatus = { 
/**
 * Whether a center is known.
 */
connected: boolean, 
/**
 * Its address.
 */
url: string | null, 
/**
 * The account's name there.
 */
user: string | null, 
/**
 * `off`, `offline`, `reaching`, `inStep`, `waiting`, `refused`.
 */
state: string, 
/**
 * Commits that wait.
 */
waiting: number, 
/**
 * Files on their way to the center.
 */
filesToSend: number, 
/**
 * Files on their way here.
 */
filesToReceive: number, 
/**
 * Files that are on another laptop only.
 */
filesElsewhere: number, 
/**
 * Fields in conflict.
 */
conflicts: number, 
/**
 * Time: last contact, UTC.
 */
lastContact: string | null, 
/**
 * What is wrong, by label key.
 */
note: string | null, 
/**
 * The values that its words name in braces.
 */
noteParams: { [key in string]: string }, };

export type TableFormat = "csv" | "xlsx";

export type Template = { 
/**
 * Its key, for example `cn-iit-interventional`.
 */
key: string, 
/**
 * Its version.
 */
version: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Where it comes from.
 */
source: Bilingual, 
/**
 * The part of the source; empty when it has none.
 */
article: Bilingual, 
/**
 * Since when the source holds. Time: `YYYY-MM-DD`; empty for own words.
 */
validFrom: string, 
/**
 * `verified`, `secondary` or `unverified`.
 */
verification: string, 
/**
 * The same for the translation of fixed titles; empty when the titles are own words.
 */
translation: string, 
/**
 * Registers of the study that it sets (`studyType`, …).
 */
fields: { [key in string]: string }, 
/**
 * Sections of the protocol text.
 */
sections: Array<TemplateSection>, 
/**
 * Milestones of the study, in the data by key; names only, never dates.
 */
milestones: Array<TemplateMilestone>, 
/**
 * Milestones of each site, in the data by key.
 */
siteMilestones: Array<TemplateMilestone>, };

export type TemplateMilestone = { 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Whether its place in the path of a study is `verified`, `secondary` or `unverified`.
 */
verification: string, };

export type TemplateSection = { 
/**
 * Its key.
 */
key: string, 
/**
 * The heading's NCI code; empty when its template gives none.
 */
code: string, 
/**
 * How deep it stands, from 1.
 */
level: number, 
/**
 * Whether its template lets it be left out.
 */
optional: boolean, 
/**
 * Its title.
 */
title: Bilingual, 
/**
 * What belongs here, shown while it is empty.
 */
guidance: Bilingual, };

export type Today = { 
/**
 * The day. Time: `YYYY-MM-DD` in Shanghai.
 */
today: string, 
/**
 * The last day that was looked at.
 */
until: string, 
/**
 * The lines: by reason, then by day.
 */
lines: Array<TodayLine>, 
/**
 * How many there are of each.
 */
counts: TodayCounts, 
/**
 * Years until the last day whose working days are not announced yet.
 */
missingYears: Array<number>, };

export type TodayCounts = { 
/**
 * [`Reason::Overdue`].
 */
overdue: number, 
/**
 * [`Reason::Due`].
 */
due: number, 
/**
 * [`Reason::Expiring`].
 */
expiring: number, 
/**
 * [`Reason::Blocked`].
 */
blocked: number, 
/**
 * [`Reason::Conflict`]: fields in conflict, of which one line may stand for several; as many as
 * the list of conflicts has.
 */
conflict: number, 
/**
 * [`Reason::Doubled`].
 */
doubled: number, 
/**
 * [`Reason::Early`].
 */
early: number, 
/**
 * [`Reason::Waiting`].
 */
waiting: number, };

export type TodayGet = { 
/**
 * How many days ahead are looked at.
 */
days: number, };

export type TodayLine = { 
/**
 * Why it is here.
 */
reason: TodayReason, 
/**
 * What it is about; `None` for all conflicts of a study together.
 */
what: PlanWhat | null, 
/**
 * The study.
 */
study: StudyId, 
/**
 * The study's title.
 */
studyTitle: Bilingual, 
/**
 * The site.
 */
site: EntityId | null, 
/**
 * The site's hospital.
 */
siteName: Bilingual, 
/**
 * The entity where it is settled.
 */
entity: EntityId | null, 
/**
 * The entity's kind.
 */
kind: string, 
/**
 * The register that settles it.
 */
field: string, 
/**
 * Its key.
 */
key: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * The day it is due.
 */
due: string, 
/**
 * The last day that the law allows, where days were counted.
 */
legal: string, 
/**
 * The moment it is due, for hours. Time: RFC 3339 in Shanghai.
 */
dueAt: string, 
/**
 * How exactly the due day is known.
 */
precision: DatePrecision, 
/**
 * Whether the day rests on working days that are not announced yet.
 */
provisional: boolean, 
/**
 * Days until it is due; negative when it is late, `None` without a day.
 */
daysLeft: number | null, 
/**
 * How many block a site, are in conflict, or had to come first; else 0.
 */
n: number, 
/**
 * Since when an answer is awaited; empty when nobody noted it.
 */
since: string, 
/**
 * Different actual days side by side.
 */
rivalActuals: Array<string>, };

export type TodayReason = "overdue" | "due" | "expiring" | "blocked" | "conflict" | "doubled" | "early" | "waiting";

export type Undone = { 
/**
 * Whether there was anything to do.
 */
done: boolean, 
/**
 * The study that it was in.
 */
study: StudyId | null, 
/**
 * The entity.
 */
entity: EntityId | null, 
/**
 * Its kind.
 */
kind: string | null, 
/**
 * The register.
 */
field: string | null, };

export type UnsureChoice = { 
/**
 * Its place among all blocks of the file, from 0.
 */
at: number, 
/**
 * Whether it is the known block; else it is a new one.
 */
same: boolean, };

export type VaultCard = { 
/**
 * Its folder.
 */
path: string, 
/**
 * What to call it.
 */
name: string, 
/**
 * Whether it is the sample.
 */
sample: boolean, 
/**
 * Ways in.
 */
ways: Array<WayIn>, };

export type VaultCreate = { 
/**
 * The folder; `None` means a new one in the standard place.
 */
path: string | null, 
/**
 * The passphrase.
 */
passphrase: string, 
/**
 * Who works here.
 */
profile: Profile, };

export type VaultCreated = { 
/**
 * The code to print and keep.
 */
recoveryCode: string, 
/**
 * The open vault.
 */
open: OpenVault, };

export type VaultOpen = { 
/**
 * The folder.
 */
path: string, 
/**
 * Which way in.
 */
way: WayIn, 
/**
 * The passphrase or recovery code; empty for the keychain.
 */
secret: string, };

export type VaultPath = { 
/**
 * The folder.
 */
path: string | null, };

export type VaultRestore = { 
/**
 * The copy.
 */
file: string, };

export type VerifyAnswer = { 
/**
 * Commits.
 */
commits: number, 
/**
 * Signatures checked.
 */
signatures: number, 
/**
 * Whether rebuilt lists equal the stored ones.
 */
projectionsEqual: boolean, 
/**
 * The digest of the content.
 */
digest: string, 
/**
 * What is wrong, in words.
 */
problems: Array<string>, };

export type VersionDoubt = { 
/**
 * The site's hospital; empty for the version itself.
 */
siteName: string, 
/**
 * The label key of the sentence: `version.doubt.…`.
 */
code: string, };

export type VersionFreeze = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * Its number.
 */
number: string, 
/**
 * Its date. Time: `YYYY-MM-DD`.
 */
date: string, 
/**
 * The version that it amends.
 */
base: EntityId | null, 
/**
 * Registers of the version: reason, summary, effects.
 */
fields: { [key in string]: JsonValue }, 
/**
 * What may be left out, by the words of the hindrances.
 */
leaveOut: Array<string>, };

export type VersionFrozen = { 
/**
 * The version.
 */
version: EntityId, };

export type VersionRow = { 
/**
 * The version's entity.
 */
id: EntityId, 
/**
 * Its number, as printed: `2.0`.
 */
number: string, 
/**
 * Its date. Time: `YYYY-MM-DD`, the day in Shanghai.
 */
date: string, 
/**
 * The version that it amends.
 */
base: EntityId | null, 
/**
 * Primary reason, a code of `amendmentReason`; empty when there is none.
 */
reason: string, 
/**
 * Summary, Chinese.
 */
summaryZh: string, 
/**
 * Summary, English.
 */
summaryEn: string, 
/**
 * Hash of the manifest: the version's own name anywhere.
 */
hash: string, 
/**
 * Hash of what it says: equal for equal content.
 */
content: string, 
/**
 * Time: frozen at, UTC.
 */
frozenAt: string, 
/**
 * Who froze it.
 */
frozenBy: string, 
/**
 * What was left out by name: paths of registers in conflict, `suggestions`, `unsent`.
 */
leftOut: Array<string>, 
/**
 * What it therefore does not say at all: paths of texts in conflict.
 */
missing: Array<string>, 
/**
 * Whether the center has the manifest; without a center, false.
 */
confirmed: boolean, 
/**
 * Whether manifest, hash and values fit together as they are stored here; a redacted value
 * fits as long as its salted hash is there.
 */
intact: boolean, 
/**
 * Whether another version has the same number: frozen on two laptops apart from each other.
 */
duplicate: boolean, 
/**
 * Derived: `frozen`, `submitted`, `approved`, `superseded`.
 */
state: string, 
/**
 * What committees said, by site.
 */
approvals: Array<ApprovalRow>, 
/**
 * Derived: sites whose committee approved it and did not take that back.
 */
approvedAt: Array<EntityId>, 
/**
 * Dates that can hardly be right.
 */
doubts: Array<VersionDoubt>, };

export type Wanted = "yes" | "no" | "unknown";

export type WantedKind = "field" | "text" | "structured";

export type WayIn = "passphrase" | "recovery" | "keychain";

export type What = "fact" | "title" | "block";

export type WordChoices = { 
/**
 * The language; another one than planned makes the plan anew.
 */
lang: Lang, 
/**
 * What sections are.
 */
sections: Array<SectionChoice>, 
/**
 * What unsure blocks are.
 */
unsure: Array<UnsureChoice>, 
/**
 * Whether known blocks that are not in the file are put aside.
 */
archiveGone: boolean, 
/**
 * Those of them that stay all the same.
 */
keepGone: Array<EntityId>, };

export type WordCounts = { 
/**
 * New ones.
 */
new: number, 
/**
 * Known ones with another text, type or layout.
 */
changed: number, 
/**
 * Ones that say what the known block says.
 */
same: number, 
/**
 * Known ones that stand elsewhere.
 */
moved: number, 
/**
 * Ones that a person should look at.
 */
unsure: number, 
/**
 * Known ones that are not in the file.
 */
gone: number, 
/**
 * Tracked changes.
 */
suggestions: number, 
/**
 * Remarks.
 */
comments: number, };

export type WordExport = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The version; `None` is the working text.
 */
version: EntityId | null, 
/**
 * The language.
 */
lang: PdfLang, 
/**
 * The file to write.
 */
path: string, };

export type WordGone = { 
/**
 * The block, or the section itself.
 */
block: EntityId, 
/**
 * Its section.
 */
section: EntityId | null, 
/**
 * Its text, without marks.
 */
text: string, };

export type WordMatch = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The preview.
 */
preview: number, 
/**
 * The language that the file is written in.
 */
lang: Lang, };

export type WordPlan = { 
/**
 * The language that the file is read in.
 */
lang: Lang, 
/**
 * Its sections, in order.
 */
sections: Array<WordSection>, 
/**
 * Blocks that a person should look at.
 */
unsure: Array<WordUnsure>, 
/**
 * Known blocks with text in this language that are not in the file.
 */
gone: Array<WordGone>, 
/**
 * How many of each.
 */
counts: WordCounts, 
/**
 * What the file is held against, when that is an earlier state than today's.
 */
since: WordSince | null, 
/**
 * A remark on what it is held against, by label key.
 */
warning: string | null, };

export type WordPreview = { 
/**
 * Names the preview when it is carried out.
 */
preview: number, 
/**
 * The file's name.
 */
file: string, 
/**
 * What would happen.
 */
plan: WordPlan, 
/**
 * Remarks, by label key.
 */
warnings: Array<string>, 
/**
 * What is in the file and not carried, by label key.
 */
notCarried: Array<string>, };

export type WordRead = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The file.
 */
path: string, };

export type WordReport = { 
/**
 * Sections of the file that were imported.
 */
sections: number, 
/**
 * Blocks of the file that were imported.
 */
blocks: number, 
/**
 * Tracked changes and remarks that were added.
 */
suggestions: number, 
/**
 * Known blocks that were put aside.
 */
archived: number, 
/**
 * Registers that were changed here since the plan was made: both values stand.
 */
conflicts: number, 
/**
 * How many of each.
 */
counts: WordCounts, 
/**
 * Remarks by label key.
 */
warnings: Array<string>, 
/**
 * What is in the file and not carried, by label key.
 */
notCarried: Array<string>, };

export type WordRun = { 
/**
 * The study.
 */
study: StudyId, 
/**
 * The preview.
 */
preview: number, 
/**
 * What the person chose.
 */
choices: WordChoices, };

export type WordSection = { 
/**
 * Its place in the file, from 0.
 */
at: number, 
/**
 * Its number as it reads in the file.
 */
number: string, 
/**
 * Its title, without the number.
 */
title: string, 
/**
 * How deep it stands, from 1.
 */
level: number, 
/**
 * How it was found to be a heading.
 */
by: HeadingBy, 
/**
 * How many blocks it has.
 */
blocks: number, 
/**
 * The known section; `None` for a new one.
 */
section: EntityId | null, 
/**
 * How sure that is, from 0 to 1.
 */
score: number, };

export type WordSince = { 
/**
 * Number of the version that the file was exported from; empty for a working text.
 */
version: string, 
/**
 * When that state was saved last. Time: RFC 3339, UTC.
 */
at: string, 
/**
 * Sections and blocks that were changed, added or put aside here since then.
 */
changed: number, 
/**
 * Those of them that the file changes too: both texts will stand, to be settled.
 */
both: number, };

export type WordUnsure = { 
/**
 * Its place among all blocks of the file, from 0.
 */
at: number, 
/**
 * The known block.
 */
block: EntityId, 
/**
 * The known block's text, without marks.
 */
was: string, 
/**
 * Its text in the file.
 */
now: string, 
/**
 * How much alike they are, from 0 to 1.
 */
score: number, };

export type YearRef = { 
/**
 * The year.
 */
year: number, };

export type YearRow = { 
/**
 * The year.
 */
year: number, 
/**
 * Where its days are from: `builtin`, `loaded`, `center`, or `missing` (not announced yet).
 */
from: string, 
/**
 * Addresses of the notices.
 */
sources: Array<string>, 
/**
 * When it was loaded. Time: UTC; empty for one that is built in.
 */
loadedAt: string, 
/**
 * Days off that are weekdays, and weekends that are worked.
 */
nOff: number, 
/**
 * Worked weekend days.
 */
nWork: number, };

/** Every command: what it takes and what it gives. */
export interface Commands {
  "app.state": { req: Nothing; res: AppState };
  "app.day": { req: Nothing; res: AppDay };
  "app.reference": { req: Nothing; res: Reference };
  "app.setLang": { req: LangSet; res: Done };
  "app.diagnosis": { req: Nothing; res: Diagnosis };
  "app.log": { req: LogLine; res: Done };
  "vault.judge": { req: PassphraseJudge; res: Strength };
  "vault.create": { req: VaultCreate; res: VaultCreated };
  "vault.sample": { req: Nothing; res: OpenVault };
  "vault.open": { req: VaultOpen; res: OpenVault };
  "vault.lock": { req: Nothing; res: Done };
  "vault.forget": { req: VaultPath; res: Done };
  "vault.add": { req: VaultPath; res: Done };
  "vault.setPassphrase": { req: PassphraseSet; res: Done };
  "vault.newRecovery": { req: Nothing; res: RecoveryCode };
  "vault.setKeychain": { req: KeychainSet; res: Done };
  "vault.verify": { req: Nothing; res: VerifyAnswer };
  "backup.status": { req: Nothing; res: BackupStatus };
  "backup.setFolder": { req: BackupFolder; res: BackupStatus };
  "backup.write": { req: FileRef; res: FileWritten };
  "backup.restore": { req: VaultRestore; res: VaultCard };
  "profile.set": { req: Profile; res: Done };
  "setting.set": { req: SettingSet; res: Done };
  "study.list": { req: Nothing; res: StudyList };
  "study.get": { req: StudyRef; res: StudyAnswer };
  "study.create": { req: StudyCreate; res: StudyCreated };
  "study.archive": { req: StudyRef; res: Done };
  "study.restore": { req: StudyRef; res: Done };
  "study.join": { req: StudyJoin; res: Done };
  "entity.add": { req: EntityAdd; res: EntityAdded };
  "entity.archive": { req: EntityRef; res: Done };
  "entity.restore": { req: EntityRef; res: Done };
  "entity.move": { req: EntityMove; res: Done };
  "field.set": { req: FieldSet; res: FieldSaved };
  "field.draft": { req: DraftPut; res: Done };
  "field.drafts": { req: StudyRef; res: DraftList };
  "protocol.save": { req: ProtocolSave; res: ProtocolSaved };
  "block.conflict": { req: ConflictRef; res: BlockConflict };
  "suggestion.settle": { req: SuggestionSettle; res: Done };
  "version.standing": { req: StudyRef; res: Standing };
  "version.hindrances": { req: StudyRef; res: HindranceList };
  "version.freeze": { req: VersionFreeze; res: VersionFrozen };
  "redline.get": { req: RedlineGet; res: RedlineAnswer };
  "redline.pictures": { req: RedlineGet; res: RedlinePictures };
  "redline.export": { req: RedlineExport; res: FileWritten };
  "protocol.check": { req: ProtocolCheck; res: CheckSheet };
  "registry.sheet": { req: RegistryRef; res: RegistrySheet };
  "registry.note": { req: RegistryNote; res: Done };
  "formset.list": { req: Nothing; res: FormSets };
  "formset.choices": { req: Nothing; res: FormSetChoices };
  "formset.preview": { req: FormSetPreview; res: FormSetSheet };
  "formset.save": { req: FormSetSave; res: FormSetSaved };
  "formset.read": { req: FileRef; res: FormSetRead };
  "formset.export": { req: FormSetExport; res: FileWritten };
  "formset.blankTake": { req: BlankTake; res: BlankTaken };
  "formset.blankLook": { req: BlankOf; res: BlankLook };
  "submission.forms": { req: SubmissionForms; res: Done };
  "submission.matrix": { req: StudyRef; res: SubmissionMatrix };
  "submission.get": { req: SubmissionRef; res: SubmissionSheet };
  "submission.new": { req: SubmissionNew; res: EntityAdded };
  "submission.check": { req: SubmissionCheck; res: SubmissionFindings };
  "submission.send": { req: SubmissionSend; res: Done };
  "submission.course": { req: SubmissionCourse; res: Done };
  "submission.correct": { req: SubmissionCorrect; res: Done };
  "submission.packages": { req: SubmissionRef; res: SubmissionPackages };
  "submission.choose": { req: SubmissionChoose; res: Done };
  "submission.saveSent": { req: SubmissionSaveSent; res: FileWritten };
  "submission.ask": { req: SubmissionAsk; res: ReplyBegun };
  "submission.answer": { req: SubmissionAnswer; res: Done };
  "submission.decide": { req: SubmissionDecide; res: EntityAdded };
  "submission.preview": { req: SubmissionPreview; res: PackagePreview };
  "submission.page": { req: PackagePage; res: PackagePicture };
  "submission.export": { req: SubmissionExport; res: FileWritten };
  "submission.package": { req: SubmissionPackage; res: PackageWritten };
  "document.attach": { req: DocumentAttach; res: DocumentFile };
  "document.save": { req: DocumentSave; res: FileWritten };
  "word.read": { req: WordRead; res: WordPreview };
  "word.plan": { req: WordMatch; res: WordPreview };
  "word.run": { req: WordRun; res: WordReport };
  "plan.get": { req: StudyRef; res: StudyPlan };
  "plan.all": { req: Nothing; res: PlanAll };
  "plan.replan": { req: PlanReplan; res: Done };
  "plan.baseline": { req: PlanBaseline; res: Done };
  "milestone.lists": { req: Nothing; res: MilestoneLists };
  "milestone.preview": { req: MilestonePreview; res: PreviewAnswer };
  "milestone.apply": { req: MilestoneApply; res: Done };
  "milestone.clone": { req: MilestoneClone; res: Done };
  "deadline.start": { req: DeadlineStart; res: DeadlineStarted };
  "today.get": { req: TodayGet; res: Today };
  "credential.ending": { req: Nothing; res: CredentialsEnding };
  "readiness.get": { req: SiteRef; res: Readiness };
  "calendar.years": { req: Nothing; res: CalendarYears };
  "calendar.load": { req: FileRef; res: CalendarYears };
  "calendar.forget": { req: YearRef; res: CalendarYears };
  "reminder.due": { req: Nothing; res: RemindersDue };
  "reminder.wishes": { req: Nothing; res: ReminderWishes };
  "reminder.setWishes": { req: ReminderWishes; res: ReminderWishes };
  "reminder.try": { req: Nothing; res: Done };
  "edit.undo": { req: Nothing; res: Undone };
  "edit.redo": { req: Nothing; res: Undone };
  "directory.list": { req: DirectoryList; res: DirectoryAnswer };
  "person.get": { req: EntryRef; res: PersonSheet };
  "organisation.get": { req: EntryRef; res: OrganisationSheet };
  "directory.partner": { req: PartnerRef; res: EntityAdded };
  "directory.own": { req: Nothing; res: EntityAdded };
  "directory.join": { req: EntryJoin; res: Done };
  "directory.part": { req: EntryRef; res: Done };
  "delegation.get": { req: DelegationRef; res: DelegationLog };
  "delegation.check": { req: DutyCheck; res: DutyFindings };
  "spelling.suggest": { req: Nothing; res: SpellingSheet };
  "spelling.join": { req: SpellingJoin; res: Done };
  "contact.read": { req: ContactRead; res: ContactPreview };
  "contact.import": { req: ContactImport; res: ContactsTaken };
  "contact.export": { req: ContactExport; res: FileWritten };
  "contact.exports": { req: Nothing; res: ContactExports };
  "person.forget": { req: PersonForget; res: Done };
  "milestone.read": { req: MilestoneRead; res: MilestoneFile };
  "milestone.import": { req: MilestoneImport; res: Done };
  "milestone.export": { req: MilestoneExport; res: FileWritten };
  "calendar.export": { req: CalendarExport; res: FileWritten };
  "search.run": { req: Search; res: SearchAnswer };
  "history.list": { req: History; res: HistoryAnswer };
  "conflict.list": { req: Nothing; res: ConflictList };
  "import.read": { req: ImportFiles; res: JobStarted };
  "import.run": { req: ImportRun; res: JobStarted };
  "job.cancel": { req: JobRef; res: Done };
  "export.ctgov": { req: ExportCtgov; res: FileWritten };
  "export.word": { req: WordExport; res: FileWritten };
  "export.pdf": { req: PdfExport; res: FileWritten };
  "file.pick": { req: PickFile; res: Picked };
  "file.reveal": { req: FileRef; res: Done };
  "file.open": { req: FileRef; res: Done };
  "file.print": { req: FileRef; res: Done };
  "sync.status": { req: Nothing; res: SyncStatus };
  "sync.connect": { req: Connect; res: SyncStatus };
  "sync.disconnect": { req: Nothing; res: SyncStatus };
  "sync.now": { req: Nothing; res: SyncStatus };
  "member.list": { req: StudyRef; res: MemberList };
  "member.change": { req: MemberChange; res: MemberList };
  "device.list": { req: Nothing; res: DeviceList };
  "device.name": { req: DeviceName; res: DeviceList };
  "device.revoke": { req: DeviceRef; res: DeviceList };
  "bundle.write": { req: BundleWrite; res: FileWritten };
  "bundle.read": { req: BundleRead; res: BundleTaken };
  "review.list": { req: Nothing; res: ReviewList };
  "review.adopt": { req: ReviewDecide; res: Done };
  "review.dismiss": { req: ReviewDecide; res: Done };
}
