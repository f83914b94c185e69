//! Prepares the window's build.

fn main() {
    // Without the folder nothing compiles, not even the tests of other crates.
    std::fs::create_dir_all("../ui/dist").expect("ui/dist can be made");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // The bundled SQLite would otherwise replace the system's inside WebKit (ADR-0004).
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    // Puts the one command under the access list: without it every window could call it.
    let attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().commands(&["rpc"]));
    tauri_build::try_build(attributes).expect("tauri build script");
}
