#![no_main]
tuning_ls_fuzz::target!("outputs");
