//! Radicals that stand for the characters they look like: what a browser prints comes back so from
//! its PDF.

/// The characters of U+2F00 to U+2FD5, in order. Source: Unicode 15.1, compatibility decompositions.
const KANGXI: &str = "\
    一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢\
    尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火\
    爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿\
    肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹\
    雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";
/// Those of the supplement that fonts use, which have no decomposition, with their characters.
const SUPPLEMENT: [(char, char); 26] = [
    ('⺠', '民'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻬', '齐'),
    ('⻮', '齿'),
    ('⻰', '龙'),
    ('⻳', '龟'),
];

/// The character that a radical stands for; every other as it is.
pub(super) fn character(ch: char) -> char {
    match ch {
        '\u{2f00}'..='\u{2fd5}' => KANGXI.chars().nth(ch as usize - 0x2f00).unwrap_or(ch),
        '\u{2e80}'..='\u{2ef3}' => SUPPLEMENT
            .iter()
            .find(|(radical, _)| *radical == ch)
            .map_or(ch, |(_, character)| *character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_prints_is_read_as_it_was_written() {
        let read: String = "⼉童⽣活质量与饮⻝⻓期随访"
            .chars()
            .map(character)
            .collect();
        assert_eq!(read, "儿童生活质量与饮食长期随访");
        assert_eq!(KANGXI.chars().count(), 214);
        assert_eq!(character('\u{2fd5}'), '龠');
    }
}
