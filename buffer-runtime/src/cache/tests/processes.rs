//! Other processes: many at once, and some that die in the middle. The children are this test binary, running
//! [`child`].

use std::{
    env,
    fs::{self, File, OpenOptions},
    io::Write,
    process::{Child, Command, Stdio, abort},
    time::SystemTime,
};

use super::{super::directory::PrivateDirectory, *};

const TASK: &str = "BUFFER_RUNTIME_TEST_TASK";
const ROOT: &str = "BUFFER_RUNTIME_TEST_ROOT";

/// Arguments by which the test binary runs [`child`] only.
fn arguments() -> [String; 4] {
    let (_, module) = module_path!().split_once("::").unwrap();
    ["--exact".into(), format!("{module}::child"), "--ignored".into(), "--nocapture".into()]
}

fn spawn(task: &str, root: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(arguments()).env(TASK, task).env(ROOT, root).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// What a child process does.
#[test]
#[ignore = "run by the other tests as a child process"]
fn child() {
    let root = PathBuf::from(env::var_os(ROOT).expect("the parent test names the cache folder"));
    let task = env::var(TASK).expect("the parent test names the task");
    let cache = open(&root.join("cache"));
    match task.as_str() {
        "build" => {
            let built = cache.get_or_build(&key("a"), |_| -> Result<_, Infallible> {
                let mut count = OpenOptions::new().append(true).create(true).open(root.join("count")).unwrap();
                count.write_all(b"x").unwrap();
                std::thread::sleep(Duration::from_millis(200));
                Ok(Artifact::new().with("kernel.txt", "alpha"))
            });
            assert_eq!(text(&built.unwrap()), "alpha");
        }
        "die building" => {
            let _ = cache.get_or_build::<Infallible>(&key("a"), |scratch| {
                fs::write(scratch.join("kernel.txt"), "half").unwrap();
                abort()
            });
        }
        "die writing" => {
            let staged = PrivateDirectory::create(&root.join("cache/staging")).unwrap();
            fs::write(staged.path().join("kernel.txt"), "half").unwrap();
            abort();
        }
        "fill the disk" => {
            let large = "x".repeat(1 << 20);
            let artifact = build(&cache, "a", &large).unwrap();
            assert!(!artifact.is_persistent());
            assert_eq!(fs::read_to_string(artifact.path("kernel.txt").unwrap()).unwrap(), large);
            let warnings = cache.warnings();
            let [CacheWarning::NotStored { source, .. }] = warnings.as_slice() else { panic!("{warnings:?}") };
            assert_eq!(source.kind(), std::io::ErrorKind::StorageFull);
            // What was written of it is gone, and small kernels are kept.
            assert!(build(&cache, "b", "small").unwrap().is_persistent());
        }
        other => panic!("unknown task {other}"),
    }
}

#[test]
fn eight_processes_on_a_cold_cache_compile_once() {
    let root = tempfile::tempdir().unwrap();
    let children: Vec<_> = (0..8).map(|_| spawn("build", root.path())).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(fs::read_to_string(root.path().join("count")).unwrap(), "x");
    assert_eq!(fs::read_dir(root.path().join("cache/locks")).unwrap().count(), 0);
}

#[test]
fn a_process_killed_while_building_blocks_nobody() {
    let root = tempfile::tempdir().unwrap();
    assert!(!spawn("die building", root.path()).wait().unwrap().success());
    let cache = open(&root.path().join("cache"));
    assert_eq!(text(&build(&cache, "a", "alpha").unwrap()), "alpha");
    assert!(cache.warnings().is_empty());
}

#[test]
fn what_a_killed_process_wrote_is_never_trusted_and_swept_later() {
    let root = tempfile::tempdir().unwrap();
    assert!(!spawn("die writing", root.path()).wait().unwrap().success());
    let staging = root.path().join("cache/staging");
    let left: Vec<_> = fs::read_dir(&staging).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left.len(), 1);
    let cache = open(&root.path().join("cache"));
    assert_eq!(text(&build(&cache, "a", "alpha").unwrap()), "alpha");
    assert!(left[0].exists(), "a young folder may belong to a process that is about to lock it");

    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    File::open(&left[0]).unwrap().set_modified(hour_ago).unwrap();
    let alive = PrivateDirectory::create(&staging).unwrap();
    File::open(alive.path()).unwrap().set_modified(hour_ago).unwrap();
    drop(open(&root.path().join("cache")));
    assert!(!left[0].exists());
    assert!(alive.path().exists(), "its process lives, however old it is");
}

#[test]
fn a_full_disk_is_replaced_by_a_temporary_folder() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("cache")).unwrap();
    // A small file system of its own, in a mount namespace that ends with the child.
    let script =
        r#"mount -t tmpfs -o size=256k,mode=700 tmpfs "$BUFFER_RUNTIME_TEST_ROOT/cache" || exit 77; exec "$@""#;
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", script, "sh"])
        .arg(env::current_exe().unwrap())
        .args(arguments())
        .env(TASK, "fill the disk")
        .env(ROOT, root.path())
        .output();
    match output {
        Ok(output) if output.status.success() => {}
        Ok(output) if output.stderr.starts_with(b"unshare") || output.status.code() == Some(77) => {
            eprintln!("skipped: this user cannot mount a small file system");
        }
        Ok(output) => {
            panic!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
        }
        Err(error) => eprintln!("skipped: unshare: {error}"),
    }
}
