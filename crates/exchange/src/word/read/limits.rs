//! How much of a Word file is read: own limits, far above any protocol, so that a hostile file is
//! refused in less than two seconds.

/// Largest file. Units: bytes.
pub const BYTES_MAX: u64 = 50 * 1024 * 1024;
/// Largest part with text once it is unpacked. Units: bytes.
pub(crate) const PART_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// All parts with text together. Units: bytes.
pub(crate) const TEXT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// A part larger than [`RATIO_FROM`] that shrank more than this was made to fill memory; the text
/// of real files shrinks to a twentieth, rarely to a fiftieth.
pub(crate) const RATIO_MAX: u64 = 250;
/// From which size on [`RATIO_MAX`] holds. Units: bytes.
pub(crate) const RATIO_FROM: u64 = 2 * 1024 * 1024;
/// Most parts of a package.
pub(crate) const PARTS_MAX: usize = 20_000;
/// Most elements of a part; a protocol of fifty pages has thirty thousand.
pub(crate) const ELEMENTS_MAX: usize = 600_000;
/// Deepest nesting of a part.
pub(crate) const DEPTH_MAX: usize = 128;
/// Most attributes of one element; the reader of XML compares each with each.
pub(crate) const ATTRIBUTES_MAX: usize = 256;
/// Most declarations of a namespace in a part; each costs as many steps as there are in scope.
pub(crate) const NAMESPACES_MAX: usize = 8_000;
/// Largest picture that is carried, as base64. Units: bytes.
pub(crate) const PICTURE_MAX: usize = 1_500_000;
/// All pictures together, as base64. Units: bytes.
pub(crate) const PICTURES_MAX: usize = 60_000_000;
/// Most comments.
pub(crate) const COMMENTS_MAX: usize = 10_000;
/// Longest quote of a comment. Units: characters.
pub(crate) const QUOTE_MAX: usize = 500;
/// Longest address of a link. Units: bytes.
pub(crate) const HREF_MAX: usize = 1_000;
/// All addresses of links together. Units: bytes.
pub(crate) const HREFS_MAX: usize = 8_000_000;
/// What notes repeat that are referred to more than once. Units: bytes.
pub(crate) const REPEATED_MAX: usize = 1_000_000;
/// Most columns of a table.
pub(crate) const COLUMNS_MAX: usize = 200;
/// Most authors and times that are told apart in the tracked changes of one block.
pub(crate) const REVISIONS_MAX: usize = 32;
