//! Spellings of hospitals against the facilities of registry records in Shanghai.

use model::spelling::{self, Facility};

/// A part of each name that tells which hospital it is, in lower case; what has none is no name.
/// Read by hand from the list, Shanghai General Hospital and First People's being one.
const ANSWERS: [(&str, &str); 25] = [
    ("eye&ent", "eye"),
    ("zhongshan", "zhongshan"),
    ("shanghai cancer center", "cancer"),
    ("huashan", "huashan"),
    ("international peace", "ipmch"),
    ("longhua", "longhua"),
    ("obstetrics", "obgyn"),
    ("renji", "renji"),
    ("rui jin", "ruijin"),
    ("ruijin", "ruijin"),
    ("changzheng", "changzheng"),
    ("chest", "chest"),
    ("east hospital", "east"),
    ("first people", "general"),
    ("general hospital", "general"),
    ("gobroad", "gobroad"),
    ("pudong hospital", "pudong"),
    ("pulmonary", "pulmonary"),
    ("tongren", "tongren"),
    ("naval medical", "changhai"),
    ("wusong", "wusong"),
    ("yueyang", "yueyang"),
    ("sixth", "sixth"),
    ("xinhua", "xinhua"),
    ("children", "children"),
];

fn answer(facility: &str) -> Option<&'static str> {
    let facility = facility.to_lowercase();
    let fits = |(part, _): &&(&str, &str)| facility.contains(part);
    ANSWERS.iter().find(fits).map(|(_, key)| *key)
}

#[test]
fn facilities_in_shanghai_are_put_together_as_by_hand() {
    let Some(path) = testkit::shared_or_skip("data/ctgov/shanghai-facilities.tsv") else {
        return;
    };
    let text = std::fs::read_to_string(path).expect("the list");
    let rows: Vec<(&str, &str)> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let read: Vec<Facility> = rows
        .iter()
        .map(|(name, city)| spelling::read([*name], city))
        .collect();
    let (mut n_right, mut n_wrong, mut n_missed) = (0, 0, 0);
    for (i, (name, _)) in rows.iter().enumerate() {
        for (j, (other, _)) in rows.iter().enumerate().skip(i + 1) {
            let is_one = answer(name).is_some() && answer(name) == answer(other);
            match (spelling::compare(&read[i], &read[j]).is_some(), is_one) {
                (true, true) => n_right += 1,
                (true, false) => {
                    n_wrong += 1;
                    println!("wrong: {name} | {other}");
                }
                (false, true) => {
                    n_missed += 1;
                    println!("missed: {name} | {other}");
                }
                (false, false) => {}
            }
        }
    }
    let n_nameless = read.iter().filter(|facility| !facility.is_named()).count();
    let part = |n: usize, of: usize| n as f64 / of.max(1) as f64;
    println!(
        "{} rows, {n_nameless} without a name; pairs: {n_right} right, {n_wrong} wrong, \
         {n_missed} missed; precision {:.3}, recall {:.3}",
        rows.len(),
        part(n_right, n_right + n_wrong),
        part(n_right, n_right + n_missed),
    );
    let groups = spelling::groups(&read);
    for group in &groups {
        let keys: Vec<_> = group.members.iter().map(|m| answer(rows[*m].0)).collect();
        assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    }
    let nameless = rows.iter().filter(|(name, _)| answer(name).is_none());
    assert_eq!(nameless.count(), n_nameless);
    assert_eq!((rows.len(), n_nameless), (48, 9));
    assert_eq!((n_right, n_wrong, n_missed), (33, 0, 0));
    assert_eq!(groups.len(), 10);
}
