//! Runs on a card; without driver, card or NVRTC they skip and say so.

use std::ffi::c_void;

use super::*;
use crate::nvrtc::{Architecture, ImageFormat, Nvrtc, NvrtcOptions};

/// Opening a card must answer on every machine, and never panic.
fn device() -> Option<CudaDevice> {
    match CudaDevice::open(0) {
        Ok(device) => Some(device),
        Err(error @ (CudaError::NoDriver { .. } | CudaError::NoDevice | CudaError::DriverTooOld { .. })) => {
            eprintln!("skipped: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

const SOURCE: &str = r#"
extern "C" __global__ void scaled(double const* x, double* y, double factor, unsigned n) {
  extern __shared__ double tile[];
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  tile[threadIdx.x] = i < n ? x[i] : 0.0;
  __syncthreads();
  if (i < n) y[i] = factor * tile[threadIdx.x];
}
"#;

fn load(device: &CudaDevice, format: ImageFormat) -> Option<LoadedKernel> {
    let nvrtc = Nvrtc::load().inspect_err(|error| eprintln!("skipped: {error}")).ok()?;
    let options = NvrtcOptions { format, ..NvrtcOptions::new(device.architecture()) };
    let output = nvrtc.compile(SOURCE, "scaled.cu", &options).unwrap();
    // SAFETY: the image comes from NVRTC.
    Some(unsafe { device.load(&output.image, "scaled") }.unwrap())
}

fn run(device: &CudaDevice, kernel: &LoadedKernel, shape: &LaunchShape, host: &[f64], factor: f64) -> Vec<f64> {
    let input = device.upload(host).unwrap();
    let output = device.zeros::<f64>(host.len()).unwrap();
    let (mut x, mut y, mut factor, mut n) =
        (input.address(), output.address(), factor, u32::try_from(host.len()).unwrap());
    let mut arguments: [*mut c_void; 4] =
        [(&raw mut x).cast(), (&raw mut y).cast(), (&raw mut factor).cast(), (&raw mut n).cast()];
    // SAFETY: the arguments are those of `scaled` in order; both arrays have `n` elements and live until the copy
    // below.
    unsafe { kernel.launch_timed(shape, &mut arguments) }.unwrap();
    let mut result = vec![0.0; host.len()];
    output.copy_to(&mut result).unwrap();
    result
}

#[test]
fn every_machine_gets_an_answer() {
    let Some(device) = device() else { return };
    let count = CudaDevice::count().unwrap();
    let error = CudaDevice::open(count).unwrap_err();
    assert!(matches!(error, CudaError::NoSuchDevice { .. }), "{error}");
    assert!(!device.name().is_empty());
}

#[test]
fn limits_agree_with_the_table() {
    let Some(device) = device() else { return };
    let queried = device.limits();
    let Some(table) = DeviceLimits::typical(device.architecture()) else {
        eprintln!("skipped: {} is not in the table", device.architecture());
        return;
    };
    // What differs between cards of one architecture.
    let card = DeviceLimits {
        multiprocessors: queried.multiprocessors,
        l2_bytes: queried.l2_bytes,
        memory_bytes: queried.memory_bytes,
        ..table
    };
    assert_eq!(*queried, card);
}

#[test]
fn a_kernel_computes_from_machine_code_and_from_ptx() {
    let Some(device) = device() else { return };
    let host: Vec<f64> = (0..1000).map(f64::from).collect();
    for format in [ImageFormat::Cubin, ImageFormat::Ptx] {
        let Some(kernel) = load(&device, format) else { return };
        let shape = LaunchShape { grid: 8, block: 128, dynamic_shared: 1024 };
        let expected: Vec<f64> = host.iter().map(|x| 3.0 * x).collect();
        assert_eq!(run(&device, &kernel, &shape, &host, 3.0), expected);
    }
}

#[test]
fn shared_memory_beyond_48_kib() {
    let Some(device) = device() else { return };
    let Some(kernel) = load(&device, ImageFormat::Cubin) else { return };
    let most = kernel.dynamic_shared_limit();
    // The bound only rises: less is possible after more.
    for dynamic_shared in [most, 1024] {
        let shape = LaunchShape { grid: 1, block: 32, dynamic_shared };
        assert_eq!(run(&device, &kernel, &shape, &[1.0, 2.0], 2.0), [2.0, 4.0]);
    }
    let error = kernel.blocks_per_multiprocessor(32, most + 1).unwrap_err();
    assert!(matches!(error, CudaError::LaunchShape { .. }), "{error}");
}

#[test]
fn the_model_agrees_with_the_driver() {
    let Some(device) = device() else { return };
    let Some(kernel) = load(&device, ImageFormat::Cubin) else { return };
    for block in (32..=kernel.threads_per_block()).step_by(96) {
        for dynamic_shared in [0, 1000, 20_000, 60_000, kernel.dynamic_shared_limit()] {
            let driver = kernel.blocks_per_multiprocessor(block, dynamic_shared).unwrap();
            let model = occupancy(device.limits(), kernel.resources(), block, dynamic_shared);
            assert_eq!(model.blocks_per_multiprocessor, driver, "{block} threads, {dynamic_shared} bytes");
        }
    }
}

#[test]
fn impossible_shapes_are_errors() {
    let Some(device) = device() else { return };
    let Some(kernel) = load(&device, ImageFormat::Cubin) else { return };
    for (grid, block) in [(0, 32), (1, 0), (1, 1025), (u32::MAX, 32)] {
        // SAFETY: the shape is refused before the arguments are looked at.
        let error = unsafe { kernel.launch(&LaunchShape { grid, block, dynamic_shared: 0 }, &mut []) }.unwrap_err();
        assert!(matches!(error, CudaError::LaunchShape { .. }), "{error}");
    }
}

#[test]
fn code_that_does_not_load_is_an_error() {
    let Some(device) = device() else { return };
    let broken = b".version 7.0\n.target sm_52\n.address_size 64\nthis is not PTX\n\0";
    // SAFETY: a terminated text, which the driver's compiler reads to its end.
    let error = unsafe { device.load(broken, "k") }.unwrap_err();
    assert!(matches!(&error, CudaError::Load { log, .. } if !log.is_empty()), "{error}");
    let Some(kernel) = load(&device, ImageFormat::Cubin) else { return };
    assert_eq!(kernel.name(), "scaled");
    let nvrtc = Nvrtc::load().unwrap();
    let image = nvrtc.compile(SOURCE, "scaled.cu", &NvrtcOptions::new(device.architecture())).unwrap().image;
    for name in ["missing", "nul\0byte"] {
        // SAFETY: the image comes from NVRTC.
        let error = unsafe { device.load(&image, name) }.unwrap_err();
        assert!(matches!(error, CudaError::NoSuchKernel { .. }), "{error}");
    }
}

#[test]
fn arrays_keep_their_contents() {
    let Some(device) = device() else { return };
    let mut array = device.upload(&[1i32, 2, 3]).unwrap();
    assert!(matches!(array.copy_from(&[1]), Err(CudaError::Length { host: 1, device: 3 })));
    let mut host = [0; 3];
    array.copy_to(&mut host).unwrap();
    assert_eq!(host, [1, 2, 3]);
    array.clear().unwrap();
    array.copy_to(&mut host).unwrap();
    assert_eq!(host, [0; 3]);
    let empty = device.upload::<f64>(&[]).unwrap();
    assert!(empty.is_empty() && empty.address() != 0);
    empty.copy_to(&mut []).unwrap();
    assert!(matches!(device.zeros::<f64>(usize::MAX / 4), Err(CudaError::OutOfMemory { .. })));
    assert!(matches!(device.zeros::<u8>(1 << 50), Err(CudaError::OutOfMemory { .. })));
}

/// What an offline plan does: compile for a card that is not there, and size the launch.
#[test]
fn a_launch_is_planned_without_a_card() {
    let Ok(nvrtc) = Nvrtc::load().inspect_err(|error| eprintln!("skipped: {error}")) else { return };
    for architecture in DeviceLimits::known().filter(|known| nvrtc.supported_architectures().contains(known)) {
        let limits = DeviceLimits::typical(architecture).unwrap();
        let output = nvrtc.compile(SOURCE, "scaled.cu", &NvrtcOptions::new(architecture)).unwrap();
        let choice = choose_block(&limits, &output.resources[0], 8).unwrap();
        assert_eq!(choice.occupancy.fraction(&limits), 1.0, "{architecture}");
    }
    assert!(DeviceLimits::typical(Architecture(52)).is_none());
}
