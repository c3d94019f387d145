//! Fuzz targets for the properties of `tests/it/support/properties`, one for each.

pub mod support;

#[doc(hidden)]
pub use libfuzzer_sys;

/// Defines the fuzz target of a property. With `SEEDS` in the environment, it writes the inputs to start from into that
/// folder, and ends.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        static CHECK: std::sync::OnceLock<fn(&[u8])> = std::sync::OnceLock::new();
        $crate::libfuzzer_sys::fuzz_target!(
            init: { let _ = CHECK.set($crate::start($name)); },
            |data: &[u8]| if let Some(check) = CHECK.get() { check(data) }
        );
    };
}

/// The check of the property with this name.
pub fn start(name: &str) -> fn(&[u8]) {
    let property = support::properties::Property::named(name);
    if let Some(folder) = std::env::var_os("SEEDS") {
        for (number, seed) in property.seeds().into_iter().enumerate() {
            let path = std::path::Path::new(&folder).join(format!("seed-{number}"));
            std::fs::write(path, seed).expect("a folder for the seeds");
        }
        std::process::exit(0);
    }
    // The default hook ends the fuzzer, even at a panic of a library that the product expects.
    let ends = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_library = |place: &std::panic::Location<'_>| place.file().replace('\\', "/").contains("/registry/src/");
        if !panic.location().is_some_and(is_library) {
            ends(panic);
        }
    }));
    property.check
}
