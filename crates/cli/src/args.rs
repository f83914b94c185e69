//! The command line, read once into plain values.

use crate::machine;
use lexopt::prelude::*;
use model::label;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const USAGE: &str = "\
pidesk: PI Desk without a window

  pidesk init --vault DIR [--name NAME] [--hospital CODE] [--role ROLE]
  pidesk import --vault DIR [--dry-run] [--json] FILE...
  pidesk import --vault DIR --study STUDY [--dry-run] [--archive-gone | --keep-gone]
      [--lang zh|en] [--json] FILE.docx
  pidesk study new --vault DIR [--template KEY] [--hospital CODE]... FIELD=VALUE...
  pidesk study list|show|archive|restore --vault DIR [STUDY] [--json]
  pidesk study export --vault DIR STUDY --format ctgov -o FILE
  pidesk study export --vault DIR STUDY --format docx [--version V] [--lang zh|en|both] -o FILE
  pidesk study join --vault DIR KEEP OTHER
  pidesk study members --vault DIR STUDY [--json]
  pidesk study share --vault DIR STUDY --with ACCOUNT --role pi|co-investigator|coordinator|reader
  pidesk study unshare --vault DIR STUDY --with ACCOUNT
  pidesk study replace --vault DIR STUDY --from ACCOUNT --with ACCOUNT
  pidesk study hand-over --vault DIR STUDY --with ACCOUNT [--role ROLE|none]
      each with [--why TEXT] [--json]
  pidesk review list --vault DIR [STUDY] [--json]
  pidesk review adopt|dismiss --vault DIR STUDY ID|all [--why TEXT] [--json]
  pidesk device list --vault DIR [--json]
  pidesk device name|revoke --vault DIR DEVICE [NAME] [--json]
  pidesk add --vault DIR STUDY site|contact|milestone|... FIELD=VALUE... [--parent ID]
  pidesk archive|restore-part --vault DIR STUDY KIND/ID
  pidesk search --vault DIR [--json] QUERY
  pidesk edit --vault DIR STUDY PATH VALUE [--why TEXT]
  pidesk conflicts --vault DIR [--json]
  pidesk resolve --vault DIR STUDY PATH VALUE --why TEXT
  pidesk history --vault DIR STUDY [PATH] [--json]
  pidesk verify --vault DIR [--json]
  pidesk version freeze --vault DIR STUDY --number N [--date DATE] [--base V] [--reason CODE]
      [--reason2 CODE] [--summary-zh TEXT] [--summary-en TEXT] [--leave-out WORD]... [--json]
      CODE is one of M11's: safetyInformation, committeeFeedback, newData, recruitmentDifficulty…
  pidesk version hindrances|list --vault DIR STUDY [--json]
  pidesk version approve --vault DIR STUDY [--version V] --site SITE [--status CODE]
      [--letter NO] [--date DATE] [--submitted DATE] [--valid-until DATE] [--interval MONTHS]
      [--conditions TEXT] [--record ID] [--json]
  pidesk redline --vault DIR STUDY --from V [--to V] | --site SITE [--to V]
      [--style underline|shaded|clean|side-by-side|table] [--only-changed] [--lang zh|en|both]
      -o FILE.pdf|.docx|.json
  pidesk suggestion list|accept|dismiss --vault DIR STUDY [ID|all] [--json]
  pidesk pdf --vault DIR STUDY [--kind dossier|submission|protocol|readiness|delegation|timeline]
      [--site SITE] [--version V] --lang zh|en|both -o FILE
  pidesk protocol outline|text --vault DIR STUDY [--lang zh|en] [--json]
  pidesk protocol check --vault DIR STUDY [--template TEMPLATE] [--lang zh|en] [--json]
  pidesk registry sheet --vault DIR STUDY who|chictr|nmr [--lang zh|en] [--json]
  pidesk registry note --vault DIR STUDY who|chictr|nmr [--date DATE] [--note TEXT]
  pidesk backup --vault DIR -o FILE
  pidesk restore FILE --vault DIR
  pidesk connect --vault DIR --center URL --code CODE
  pidesk sync --vault DIR [--json]
  pidesk sync bundle out --vault DIR STUDY... -o FILE.sync
  pidesk sync bundle in --vault DIR FILE.sync [--json]
  pidesk sample --vault DIR
  pidesk workdays --from DATE --add N [--vault DIR] [--json]
  pidesk calendar list|load|forget --vault DIR [FILE|YEAR] [--json]
  pidesk due --vault DIR [--days 30] [--json]
  pidesk milestone list --vault DIR STUDY [--site SITE] [--json]
  pidesk milestone set --vault DIR STUDY KEY [--site SITE] [--planned DATE] [--actual DATE]
      [--evidence ID] [--not-applicable REASON] [--rule RULE] [--repeat PERIOD] [--note TEXT]
      [--why TEXT] [--json]
  pidesk milestone baseline --vault DIR STUDY [--site SITE] [--why TEXT] [--json]
  pidesk milestone template list [--json]
  pidesk milestone template preview|apply --vault DIR STUDY LIST [--site SITE] [KEY=DATE]...
  pidesk milestone template copy --vault DIR FROM TO [--site SITE] [--to-site SITE]
  pidesk deadline start --vault DIR STUDY RULE [--site SITE] --from DAY|MOMENT [--period PERIOD]
      [--date DATE] [--note TEXT] [--json]
  pidesk milestone export --vault DIR STUDY [--lang zh|en] -o FILE.csv|.xlsx
  pidesk milestone import --vault DIR STUDY FILE.csv|.xlsx [--why TEXT] [--charset NAME]
      [--map FILE.json] [--dry-run] [--json]
  pidesk contact import --vault DIR FILE.vcf|.zip|.csv|.xlsx [--study STUDY] [--charset NAME]
      [--map FILE.json] [--same ROW,ROW] [--dry-run] [--json]
  pidesk contact export --vault DIR [--study STUDY] --to WHOM --why TEXT [--lang zh|en]
      -o FILE.vcf|.zip|.csv|.xlsx
  pidesk contact list --vault DIR [--study STUDY] [--json]
  pidesk contact exports --vault DIR [--json]
  pidesk directory people|organisations --vault DIR [WORDS] [--json]
  pidesk directory own --vault DIR
  pidesk directory forget --vault DIR PERSON --why TEXT
  pidesk ics --vault DIR [STUDY] [--lang zh|en] -o FILE.ics
  pidesk site readiness --vault DIR STUDY [SITE] [--json]
  pidesk document add --vault DIR STUDY FILE [--kind KIND] [--site SITE] [FIELD=VALUE]... [--json]
  pidesk document add --vault DIR STUDY FILE --document ID
  pidesk document list --vault DIR STUDY [--json]
  pidesk document export --vault DIR STUDY ID|submission/ID|reply/ID [--lang zh|en|both] -o FILE
  pidesk form-set list|show|export --vault DIR [KEY] [--version V] [--json] [-o FILE]
  pidesk form-set import --vault DIR FILE [--why TEXT] [--json]
  pidesk form-set use --vault DIR KEY --hospital CODE
  pidesk form-set check FILE [--json]
  pidesk submission sets|list --vault DIR STUDY [--json]
  pidesk submission new --vault DIR STUDY TYPE --site SITE [--version V] [--forms KEY]
      [FIELD=VALUE]... [--json]
  pidesk submission check --vault DIR STUDY ID [--password FILE=PASSWORD]... [--json]
  pidesk submission send --vault DIR STUDY ID [--date DATE] [--lang zh|en|both]
      [--password FILE=PASSWORD]... [--leave-out FINDING]... [--why TEXT] [--anew]
  pidesk submission verify --vault DIR STUDY ID [FILE] [--json]
  pidesk submission choose --vault DIR STUDY ID HASH --why TEXT
  pidesk submission correct --vault DIR STUDY ID FIELD VALUE --why TEXT
  pidesk submission accept|file|withdraw --vault DIR STUDY ID [--date DATE] [--number NO]
      [--note PLACE] [--why TEXT]
  pidesk submission ask --vault DIR STUDY ID [--date DATE] QUESTION...
  pidesk submission answer --vault DIR STUDY ID [--text [NO=]TEXT]... [--text-file [NO=]FILE]...
      [--lang zh|en] [--keep] [--date DATE]
  pidesk submission decide --vault DIR STUDY ID RESULT [--letter NO] [--letter-file FILE] [--date DATE]
      [--valid-until DATE] [--interval MONTHS] [--conditions TEXT] [--point TEXT]... [--anyway] [--json]
  pidesk submission package --vault DIR STUDY ID [--zip] [--docx] [--lang zh|en|both] [--password FILE=PASSWORD]...
      [--keep] [--date DATE] [--sent HASH] -o DIR [--json]
  pidesk form-set blank FILE [--form SET/FORM] [--json]
  pidesk form-set blank attach --vault DIR SET FORM FILE [--proposed] [--why TEXT] [--json]
  pidesk form-set blank map --vault DIR SET FORM PLACE FIELD [PLACE FIELD]... [--why TEXT] [--json]
  pidesk form-set blank list --vault DIR SET [FORM] [--json]
  pidesk form-set blank remove --vault DIR SET FORM [--why TEXT]

V is a version's number or id; without it the working text is meant. With --site the redline
starts from the version that the site's ethics committee approved last.
TEMPLATE is m11, spirit, interventional or observational; without it the template is told from
the protocol's sections. `registry note` keeps what a registry was given, so that the next sheet
says what changed since.
LIST is cn-iit-study or cn-iit-site; RULE as `milestone template list` names it. A DATE of a plan is
YYYY-MM-DD, YYYY-MM, YYYY-Q1 or YYYY; a PERIOD 24h, 30d, 10b (working days), 12m or 3y; a RULE of a
milestone KEY+PERIOD or KEY-PERIOD. A planned date that is moved needs --why.
With modify or resubmit each --point, else each line of --conditions, is what the re-review answers:
`submission answer` on the re-review notes the answers, and they are sent with it.
TYPE is initial, resubmission, amendment, continuing, sae, susar, deviation, suspension, termination,
completion, exemption or consentWaiver; RESULT approved, modify, resubmit, rejected, continued,
suspended, terminated or acknowledged. `check` ends with 1 while something must be settled,
`package` when a file could not be put in. The FILE of a password is the name of the document's file
or the document's id. FINDING is as `send` prints it and names one place.
Sending makes the package and keeps it (one that was kept with --keep and still fits is taken,
unless --anew is given; its letter, dated with --date, is not later than the sending); from
then on `package` gives those bytes, `verify` compares them with the hash in the record. --anyway:
the decision is noted although a question is open or another decision was noted.
Without --study contacts are those of the directory. An import completes whoever is surely here,
adds everybody else, and changes nothing that is there. --dry-run names whom of the directory a
contact of a study may be; --same says for which rows that is so. Every export of contacts is logged with
WHOM it went to; PERSON is an id or a whole name.
ACCOUNT is a name or an id at the center; after a hand-over one stays co-investigator, or what
--role says. What somebody wrote without the right to is kept for review: `adopt` puts it in force,
`dismiss` says why not. A laptop whose access is revoked hands in what it has and is erased.
STUDY is an id or a registry number. PATH is as `study show` prints it: title.en, or KIND/ID/FIELD.
`sync bundle` carries studies by USB stick, encrypted with a passphrase of the file's own
(PIDESK_BUNDLE_PASSPHRASE, or asked for); taking one in twice is taking it in once.
The passphrase comes from PIDESK_PASSPHRASE or is asked for; a recovery code serves as well.
";

/// A command line that was not understood.
#[derive(Debug)]
pub(crate) struct UsageError(String);

impl UsageError {
    /// A word or an option is not there.
    pub(crate) fn missing(what: &str) -> Self {
        Self(label!("cli.missing").fill(machine::lang(), &[("what", what)]))
    }

    /// Something else stands there than is wanted; `got` is empty where nothing does.
    pub(crate) fn wanted(what: &str, got: &str) -> Self {
        let label = match got {
            "" => label!("cli.wanted"),
            _ => label!("cli.wantedNot"),
        };
        Self(label.fill(machine::lang(), &[("what", what), ("got", got)]))
    }

    /// There is no such command; `of` is the command that it belongs to, empty for none.
    pub(crate) fn no_command(of: &str, word: &str) -> Self {
        let command = format!("{of} {word}");
        let command = [("command", command.trim())];
        Self(label!("cli.noCommand").fill(machine::lang(), &command))
    }

    /// A sentence of its own.
    pub(crate) fn said(label: &label::Label, values: &[(&str, &str)]) -> Self {
        Self(label.fill(machine::lang(), values))
    }
}

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<lexopt::Error> for UsageError {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

/// Options that take a value.
const OPTIONS: [&str; 58] = [
    "vault",
    "name",
    "hospital",
    "role",
    "template",
    "format",
    "parent",
    "why",
    "kind",
    "site",
    "lang",
    "center",
    "code",
    "limit",
    "from",
    "add",
    "number",
    "date",
    "base",
    "reason",
    "reason2",
    "summary-zh",
    "summary-en",
    "leave-out",
    "sent",
    "version",
    "status",
    "letter",
    "letter-file",
    "submitted",
    "valid-until",
    "interval",
    "conditions",
    "point",
    "record",
    "to",
    "style",
    "note",
    "study",
    "days",
    "planned",
    "actual",
    "evidence",
    "not-applicable",
    "rule",
    "repeat",
    "period",
    "to-site",
    "with",
    "form",
    "forms",
    "document",
    "password",
    "text",
    "text-file",
    "charset",
    "map",
    "same",
];
/// Options that take none.
const FLAGS: [&str; 11] = [
    "proposed",
    "anew",
    "anyway",
    "zip",
    "json",
    "dry-run",
    "only-changed",
    "docx",
    "keep",
    "archive-gone",
    "keep-gone",
];

/// The command line.
#[derive(Debug, Default)]
pub(crate) struct Args {
    /// Words that are not options, the command first.
    pub(crate) words: Vec<String>,
    /// Values of options, in order.
    options: BTreeMap<String, Vec<String>>,
    /// Flags that are set.
    flags: Vec<String>,
}

impl Args {
    /// Reads the process's arguments; `None` asks for help.
    pub(crate) fn parse() -> Result<Option<Self>, UsageError> {
        Self::read(lexopt::Parser::from_env())
    }

    fn read(mut parser: lexopt::Parser) -> Result<Option<Self>, UsageError> {
        let mut args = Self::default();
        while let Some(arg) = parser.next()? {
            match arg {
                Short('h') | Long("help") => return Ok(None),
                Short('o') | Long("out") => args.put("out", parser.value()?.string()?),
                Long(name) if OPTIONS.contains(&name) => {
                    let name = name.to_owned();
                    let value = parser.value()?.string()?;
                    args.put(&name, value);
                }
                Long(name) if FLAGS.contains(&name) => args.flags.push(name.to_owned()),
                Value(word) => args.words.push(word.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        if args.words.is_empty() {
            return Ok(None);
        }
        Ok(Some(args))
    }

    fn put(&mut self, name: &str, value: String) {
        self.options.entry(name.to_owned()).or_default().push(value);
    }

    /// The word at a place, or what is missing there.
    pub(crate) fn word(&self, place: usize, what: &str) -> Result<&str, UsageError> {
        self.words
            .get(place)
            .map(String::as_str)
            .ok_or_else(|| UsageError::missing(what))
    }

    /// Words from a place on.
    pub(crate) fn rest(&self, place: usize) -> &[String] {
        self.words.get(place..).unwrap_or_default()
    }

    /// The last value of an option.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.options
            .get(name)
            .and_then(|values| values.last())
            .map(String::as_str)
    }

    /// Every value of an option.
    pub(crate) fn options(&self, name: &str) -> Vec<String> {
        self.options.get(name).cloned().unwrap_or_default()
    }

    /// The value of an option that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, UsageError> {
        self.option(name)
            .ok_or_else(|| UsageError::missing(&format!("--{name}")))
    }

    /// Whether a flag is set.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.flags.iter().any(|flag| flag == name)
    }

    /// The vault's folder.
    pub(crate) fn vault(&self) -> Result<PathBuf, UsageError> {
        self.required("vault").map(PathBuf::from)
    }

    /// The file to write.
    pub(crate) fn out(&self) -> Result<PathBuf, UsageError> {
        self.option("out")
            .map(PathBuf::from)
            .ok_or_else(|| UsageError::missing("-o FILE"))
    }

    /// `FIELD=VALUE` words from a place on.
    pub(crate) fn assignments(&self, place: usize) -> Result<Vec<(&str, &str)>, UsageError> {
        self.rest(place)
            .iter()
            .map(|word| {
                word.split_once('=').ok_or_else(|| {
                    let wanted = label!("cli.assignment");
                    UsageError::said(wanted, &[("word", word)])
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Option<Args>, UsageError> {
        Args::read(lexopt::Parser::from_args(words))
    }

    #[test]
    fn reads_words_options_and_flags() {
        let args = read(&["study", "show", "--vault", "d", "NCT1", "--json"])
            .unwrap()
            .unwrap();
        assert_eq!(args.words, ["study", "show", "NCT1"]);
        assert_eq!(args.vault().unwrap(), PathBuf::from("d"));
        assert!(args.flag("json"));
    }

    #[test]
    fn refuses_unknown_options() {
        assert!(read(&["import", "--colour", "red"]).is_err());
    }

    #[test]
    fn splits_assignments_at_the_first_sign() {
        let args = read(&["add", "S", "site", "note=a=b"]).unwrap().unwrap();
        assert_eq!(args.assignments(3).unwrap(), [("note", "a=b")]);
    }
}
