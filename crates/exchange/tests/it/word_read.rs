//! Word files: headings, numbers, lists, tables, notes, pictures, tracked changes, comments.

use exchange::word::read;

#[test]
fn dump() {
    let Some(path) = std::env::var_os("WORD_FILE") else {
        return;
    };
    let bytes = std::fs::read(path).expect("file");
    let start = std::time::Instant::now();
    let protocol = read(&bytes).expect("read");
    println!("{:?}", start.elapsed());
    for s in &protocol.sections {
        println!(
            "{} {:?} [{}] {} {:?}",
            "#".repeat(s.level as usize),
            s.by,
            s.number,
            s.title.text,
            s.suggestions
        );
        for b in &s.blocks {
            println!(
                "    {}{}{} {:?} {} | {} {} {:?}",
                b.kind,
                b.level,
                b.list,
                b.table,
                b.layout,
                b.text
                    .text
                    .replace('\n', "⏎")
                    .replace('\t', " ¦ ")
                    .chars()
                    .take(90)
                    .collect::<String>(),
                b.image.len(),
                b.suggestions
            );
        }
    }
    println!(
        "{:?} {:?} {:?}",
        protocol.lang, protocol.not_carried, protocol.warnings
    );
}
