//! The contract as TypeScript: every type once, then the map of commands.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use ts_rs::{Config, TS, TypeVisitor};

struct Types<'a> {
    cfg: &'a Config,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only own types have a file of their own; the rest is written in place.
        if T::output_path().is_none() {
            return;
        }
        let name = T::name(self.cfg);
        if !self.declarations.contains_key(&name) {
            self.declarations.insert(name, T::decl(self.cfg));
            T::visit_dependencies(self);
        }
    }
}

macro_rules! write_contract {
    ($($name:literal => $handler:ident($req:ident) -> $res:ident,)*) => {
        /// The whole contract.
        pub fn typescript() -> String {
            use crate::request::*;
            use crate::response::*;
            let cfg = Config::new().with_large_int("number");
            let mut types = Types { cfg: &cfg, declarations: BTreeMap::new() };
            $( types.visit::<$req>(); types.visit::<$res>(); )*
            types.visit::<crate::Event>();
            types.visit::<crate::Failure>();
            let mut out = String::from("// Made by `cargo xtask gen` from crates/rpc; do not edit.\n\n");
            for declaration in types.declarations.values() {
                writeln!(out, "export {declaration}\n").expect("string");
            }
            out.push_str("/** Every command: what it takes and what it gives. */\nexport interface Commands {\n");
            $( writeln!(out, "  {:?}: {{ req: {}; res: {} }};", $name, stringify!($req), stringify!($res)).expect("string"); )*
            out.push_str("}\n");
            out
        }
    };
}

crate::commands!(write_contract);
