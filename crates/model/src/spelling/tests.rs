//! Which names are one hospital and which are not.

use super::*;

fn in_shanghai(text: &str) -> Facility {
    read([text], "Shanghai")
}

fn why(a: &str, b: &str) -> Option<Why> {
    let (a, b) = (in_shanghai(a), in_shanghai(b));
    let there = compare(&a, &b);
    assert_eq!(
        there,
        compare(&b, &a),
        "the order of two names says nothing"
    );
    there
}

#[test]
fn one_hospital_in_english() {
    let zhongshan = "Zhongshan Hospital, Fudan University";
    for (other, expected) in [
        ("zhongshan hospital , fudan UNIVERSITY", Why::Same),
        ("Fudan University Affiliated Zhongshan Hospital", Why::Same),
        (
            "Zhongshan Hospital Affiliated to Fudan University",
            Why::Same,
        ),
        ("Zhongshan Hospital of Fudan Univ.", Why::Same),
        ("Zhongshan Hospital", Why::Shorter),
        ("Zhongshan Hospital (Site 0042)", Why::Shorter),
        ("Zhongshan Hospital Fudan Unvierstiy", Why::Same),
        ("Zhongshan Hospital, Fundan University", Why::Slip),
        ("Zhongsan Hospital, Fudan University", Why::Slip),
        (
            "Zhongshan Hospital, Fudan University, Xuhui Branch",
            Why::Campus,
        ),
        ("ｚｈｏｎｇｓｈａｎ Hospital，Fudan University", Why::Same),
    ] {
        assert_eq!(why(zhongshan, other), Some(expected), "{other}");
    }
    assert_eq!(
        why(
            "Shanghai Sixth People’s Hospital",
            "Shanghai 6th Peoples Hospital"
        ),
        Some(Why::Same)
    );
    assert_eq!(
        why(
            "Shanghai No. 9 People's Hospital",
            "Shanghai Ninth People's Hospital"
        ),
        Some(Why::Same)
    );
}

#[test]
fn one_hospital_in_chinese() {
    let zhongshan = "复旦大学附属中山医院";
    for (other, expected) in [
        ("复旦大学 附属中山医院", Why::Same),
        ("上海中山医院", Why::Shorter),
        ("上海市中山医院", Why::Shorter),
        ("中山医院", Why::Shorter),
        ("复旦大学附属中山医院（徐汇院区）", Why::Campus),
        ("复旦大学附属中山医院青浦分院", Why::Campus),
    ] {
        assert_eq!(why(zhongshan, other), Some(expected), "{other}");
    }
    assert_eq!(
        why("上海市第六人民医院", "上海市第六人民医院东院"),
        Some(Why::Campus)
    );
    assert_eq!(
        why("上海交通大学医学院附属瑞金医院", "上海交通大学附属瑞金医院"),
        Some(Why::Same)
    );
}

#[test]
fn two_languages_and_two_names_of_one_hospital() {
    for (a, b) in [
        ("复旦大学附属中山医院", "Zhongshan hospital"),
        ("上海市第一人民医院", "Shanghai General Hospital"),
        (
            "Shanghai First People's Hospital",
            "Shanghai General Hospital",
        ),
        (
            "上海长海医院",
            "The First Affiliated Hospital of Naval Medical University",
        ),
        (
            "复旦大学附属肿瘤医院",
            "Fudan University Shanghai Cancer Center",
        ),
        ("上海市胸科医院", "上海交通大学医学院附属胸科医院"),
    ] {
        assert_eq!(why(a, b), Some(Why::Known), "{a} | {b}");
    }
}

#[test]
fn hospitals_that_sound_alike_stay_apart() {
    for (a, b) in [
        ("上海市徐汇区中心医院", "上海市静安区中心医院"),
        ("上海市静安区中心医院", "上海市松江区中心医院"),
        ("上海市长宁区妇幼保健院", "上海市闵行区妇幼保健院"),
        ("Huashan Hospital", "Huadong Hospital"),
        (
            "Children's Hospital of Fudan University",
            "Shanghai Children's Hospital",
        ),
        (
            "Shanghai Children's Medical Center",
            "Children's Hospital of Fudan University",
        ),
        (
            "Shanghai First People's Hospital",
            "Shanghai Tenth People's Hospital",
        ),
        (
            "Shanghai GoBroad Cancer Hospital",
            "Fudan University Shanghai Cancer Center",
        ),
        (
            "Tongji Hospital of Tongji University",
            "Shanghai Tongren Hospital",
        ),
        ("上海市第一人民医院", "上海市第十人民医院"),
        ("上海市第一人民医院", "上海市第六人民医院"),
        ("复旦大学附属华山医院", "复旦大学附属华东医院"),
        ("复旦大学附属儿科医院", "上海市儿童医院"),
        (
            "Zhongshan Hospital, Fudan University",
            "Zhongshan Hospital, Xiamen University",
        ),
        ("Shanghai Pudong Hospital", "Shanghai East Hospital"),
        (
            "Baoshan District People's Hospital",
            "Shanghai People's Hospital",
        ),
        ("City Polyclinic No44", "City Polyclinic No45"),
        (
            "Jiangsu Province Hospital",
            "Jiangsu Province Hospital of Chinese Medicine",
        ),
    ] {
        assert_eq!(why(a, b), None, "{a} | {b}");
    }
}

#[test]
fn another_city_is_another_hospital() {
    let here = in_shanghai("Zhongshan Hospital");
    assert_eq!(
        compare(&here, &read(["Zhongshan Hospital"], "Xiamen")),
        None
    );
    assert_eq!(compare(&here, &read(["中山医院"], "厦门")), None);
    assert_eq!(
        compare(&here, &read(["Zhongshan Hospital"], "")),
        Some(Why::Same)
    );
    // What every city has tells nothing while a city is unknown.
    let people = |city| read(["Second People's Hospital"], city);
    assert_eq!(compare(&people("Shanghai"), &people("")), Some(Why::Same));
    let named = read(["The People's Second Hospital"], "");
    assert_eq!(compare(&people("Shanghai"), &named), None);
}

#[test]
fn what_names_no_hospital_is_like_nothing() {
    for text in [
        "Research Site",
        "Local Institution",
        "Local Institution - 0123",
        "Investigational Site Number : 1560009",
        "Novartis Investigative Site",
        "Zai Lab Site 1001",
        "CHN01-0",
        "Site",
        "Hospital",
        "Shanghai Hospital",
        "Clinical Site",
        "Research facility ID ORG-001005",
        "For additional information contact the sponsor",
        "待定",
        "医院",
        "",
    ] {
        let facility = in_shanghai(text);
        assert!(!facility.is_named(), "{text}: {facility:?}");
        assert_eq!(compare(&facility, &facility), None, "{text}");
    }
    assert!(in_shanghai("Shanghai Chest Hospital ( Site 5400)").is_named());
}

#[test]
fn a_group_holds_only_what_is_alike_each_with_each() {
    let names = [
        "Zhongshan Hospital",
        "Zhongshan Hospital, Fudan University",
        "Research Site",
        "Zhongshan Hospital, Xiamen University",
        "Research Site",
        "Huashan Hospital",
    ];
    let read: Vec<Facility> = names.iter().map(|name| read([*name], "")).collect();
    let expected = [Group {
        members: vec![0, 1],
        why: Why::Shorter,
    }];
    assert_eq!(groups(&read), expected);
}

#[test]
fn every_reason_has_words() {
    for why in [Why::Same, Why::Known, Why::Shorter, Why::Slip, Why::Campus] {
        assert_eq!(serde_json::to_value(why).unwrap(), why.code());
        let key = format!("people.spelling.{}", why.code());
        assert!(crate::label::get(&key).is_some(), "{key}");
    }
}

#[test]
fn a_partner_hospital_goes_by_its_other_spellings() {
    let whole = "上海交通大学医学院附属第九人民医院";
    let why = |other: &str| compare(&read([whole], "上海"), &read([other], ""));
    assert_eq!(why("上海市第九人民医院"), Some(Why::Known));
    assert_eq!(why("上海第九人民医院"), Some(Why::Known));
    // Every city has one.
    assert_eq!(why("郑州市第九人民医院"), None);
    assert_eq!(why("第九人民医院"), None);
}
