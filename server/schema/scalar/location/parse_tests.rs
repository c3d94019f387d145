use super::*;

fn fault(text: &str) -> Option<LocationFault> {
    parse_location(text).err()
}

#[test]
fn an_object_is_all_after_the_bucket() {
    for (text, object) in [
        ("gs://abc/o", "o"),
        ("gs://abc/a b (1).mp4", "a b (1).mp4"),
        ("gs://abc/a%20b?x#y", "a%20b?x#y"),
        ("gs://abc//o", "/o"),
        ("gs://abc/dir\\clip.mp4", "dir\\clip.mp4"),
    ] {
        assert_eq!(parse_location(text), Ok(Location::Object { bucket: "abc", object }), "{text}");
    }
}

#[test]
fn each_fault_is_named_as_what_it_is() {
    use LocationFault as Fault;
    let long = format!("gs://abc/{}", "o".repeat(1025));
    for (text, expected) in [
        ("", Fault::Empty),
        ("  ", Fault::Empty),
        ("clip.mp4", Fault::LocalPath),
        ("/home/me/clip.mp4", Fault::LocalPath),
        ("C:\\clips\\clip.mp4", Fault::LocalPath),
        ("C:/clips/clip.mp4", Fault::LocalPath),
        ("part: one.mp4", Fault::LocalPath),
        ("file:///clip.mp4", Fault::FileUrl),
        ("data:video/mp4;base64,AA==", Fault::DataUrl),
        ("files/abc", Fault::FilesApiName),
        ("s3://b/o", Fault::OtherScheme("s3".to_owned())),
        ("FTP://b/o", Fault::OtherScheme("ftp".to_owned())),
        ("www.example.com/clip.mp4", Fault::NoScheme),
        ("GS://abc/o", Fault::UpperCaseScheme),
        ("gs:/abc/o", Fault::MissingSlash),
        ("gs:abc/o", Fault::MissingSlash),
        ("gs//abc/o", Fault::MissingColon),
        ("gs:\\\\abc\\o", Fault::Backslashes),
        ("gs://abc\\o", Fault::Backslashes),
        (" gs://abc/o", Fault::LeadingSpace),
        ("gs:///o", Fault::NoBucket),
        ("gs://", Fault::NoBucket),
        ("gs://Abc/o", Fault::Bucket("the bucket name contains an upper-case letter".into())),
        ("gs://image.jpeg", Fault::NoObject),
        ("gs://abc/", Fault::Folder),
        ("gs://abc/dir/", Fault::Folder),
        ("gs://abc/o\n", Fault::LineBreak),
        (long.as_str(), Fault::ObjectTooLong),
        ("gs://abc/..", Fault::ObjectName),
        ("https://example.com/a b.mp4", Fault::UrlSpace),
        ("https://example.com/a.mp4 ", Fault::FinalSpace),
    ] {
        assert_eq!(fault(text), Some(expected), "{text}");
    }
    for text in ["https:/example.com/x", "https://", "http:///x"] {
        assert!(matches!(fault(text), Some(Fault::MalformedUrl(_))), "{text}");
    }
}

#[test]
fn a_broken_scheme_is_repaired_only_to_a_location() {
    let repair = |text: &str| fault(text).and_then(|fault| fault.repair(text));
    for text in ["gs:/abc/o", "GS://abc/o", "Gs://abc/o", "gs//abc/o", "gs:\\\\abc\\o", "gs://abc\\o", "gs:abc/o"] {
        assert_eq!(repair(text).as_deref(), Some("gs://abc/o"), "{text}");
    }
    for text in [" gs://abc/o", "gs://abc/o\n", "\tgs://abc/o "] {
        assert_eq!(repair(text).as_deref(), Some("gs://abc/o"), "{text}");
    }
    assert_eq!(repair("https://example.com/o\n").as_deref(), Some("https://example.com/o"));
    for text in ["gs:/abc", "GS://Abc/o", "gs://abc", "clip.mp4", "s3://abc/o"] {
        assert_eq!(repair(text), None, "{text}");
    }
}

#[test]
fn a_url_may_have_its_scheme_in_capitals() {
    assert!(matches!(parse_location("HTTPS://example.com/x.mp4"), Ok(Location::Web(_))));
}

#[test]
fn the_extension_is_that_of_the_last_segment() {
    for (text, expected) in [
        ("gs://abc/dir.d/clip.MOV", Some("MOV")),
        ("gs://abc/dir.d/clip", None),
        ("gs://abc/.mp4", None),
        ("gs://abc/clip.", None),
        ("https://example.com/clip.mp4?x=a.b#c", Some("mp4")),
        ("https://example.com", None),
    ] {
        let location = parse_location(text).unwrap();
        assert_eq!(extension(&location), expected, "{text}");
    }
}

#[test]
fn a_placeholder_is_in_a_segment() {
    for (text, expected, in_bucket, in_angles) in [
        ("gs://<path to the mp4 video file>", "<path to the mp4 video file>", true, true),
        ("gs://<bucket>/<path/to/file>.mp4", "<bucket>", true, true),
        ("gs://abc/<path/to/file>", "<path/to/file>", false, true),
        ("gs://{bucket}/o", "{bucket}", true, false),
        ("gs://$BUCKET/o", "$BUCKET", true, false),
        ("gs://${BUCKET}/o", "${BUCKET}", true, false),
        ("gs://YOUR_BUCKET/o", "YOUR_BUCKET", true, false),
        ("gs://abc/YOUR_VIDEO.mp4", "YOUR_VIDEO.mp4", false, false),
        ("gs://abc/path/to/o", "path/to", false, false),
        ("gs://path/to/o", "path/to", true, false),
        ("https://<host>/o", "<host>", true, true),
        ("https://storage.googleapis.com/{bucket}/o", "{bucket}", true, false),
        ("https://example.com/{id}/o", "{id}", false, false),
        ("gs://abc/<file>.mp4", "<file>", false, false),
        ("gs://abc/x/{video_id}.mp4", "{video_id}", false, false),
        ("gs://abc/clip-{index:03d}.mp4", "{index:03d}", false, false),
        ("gs://abc/a${FILE}.mp4", "${FILE}", false, false),
        ("gs://abc/{{ file }}.mp4", "{{ file }}", false, false),
        ("gs://{env}-clips/o", "{env}", true, false),
        ("https://example.com/<file>.mp4", "<file>", false, false),
        ("$VIDEO", "$VIDEO", true, false),
        ("<video>", "<video>", true, true),
        ("${BUCKET}/o", "${BUCKET}", true, false),
    ] {
        assert_eq!(placeholder(text), Some(Placeholder { text: expected, in_bucket, in_angles }), "{text}");
    }
}

#[test]
fn another_name_is_not_a_placeholder() {
    for text in [
        "gs://abc/clip_{1}.mp4",
        "gs://abc/$5",
        "gs://abc/a$B",
        "gs://abc/{01234567-89ab-cdef-0123-456789ABCDEF}",
        "gs://abc/{a1234567-89ab-cdef-0123-456789ABCDEF}.mp4",
        "gs://abc/mypath/to/o",
        "gs://abc/path/tool",
        "gs://abc/a<b.mp4",
        "gs://abc/{}.mp4",
        "gs://abc/{2025-05 final}.mp4",
        "gs://abc/your_video.mp4",
        "/path/to/o",
        "https://example.com/o?next=/{id}",
        "s3://abc/{id}",
        "",
        "gs://",
    ] {
        assert_eq!(placeholder(text), None, "{text}");
    }
}

#[test]
fn wildcards_are_found_with_their_places() {
    assert_eq!(wildcards("a*b?[1]#").collect::<Vec<_>>(), [(1, '*'), (3, '?'), (4, '['), (7, '#')]);
    assert_eq!(wildcards("a b (1).mp4").count(), 0);
}

#[test]
fn what_is_unusual_in_a_name_is_seen_everywhere() {
    for length in 0..150 {
        let before = "x".repeat(length);
        assert!(is_plain_object(&format!("gs://clips/{before}a.mp4")), "{length}");
        assert_eq!(is_plain_object(&format!("gs://{before}/a.mp4")), (3..=63).contains(&length), "{length}");
        for unusual in ["*", "\u{e9}", "/to", "Y", "{"] {
            assert!(
                !is_plain_object(&format!("gs://clips/{before}{unusual}/{}", "y".repeat(70))),
                "{length} {unusual}"
            );
        }
        for unusual in ["_", "X", "\u{e9}", "."] {
            assert!(!is_plain_object(&format!("gs://{before}{unusual}x/a.mp4")), "{length} {unusual}");
        }
    }
}
