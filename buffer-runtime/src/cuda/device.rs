//! A card, opened.

use std::{
    ffi::c_int,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, OnceLock},
};

use cudarc::driver::{
    CudaContext, CudaStream, DriverError,
    result::device,
    sys::{self, CUdevice_attribute as Attribute},
};

use super::{CudaError, DeviceLimits};
use crate::nvrtc::Architecture;

/// The oldest driver in use: the asynchronous allocator and every function called here are in CUDA 11.4.
const OLDEST_DRIVER: (u32, u32) = (11, 4);

/// An NVIDIA card. Cheap to clone; all clones share one stream, so work is done in the order in which it is given.
#[derive(Clone)]
pub struct CudaDevice {
    pub(super) context: Arc<CudaContext>,
    pub(super) stream: Arc<CudaStream>,
    name: String,
    limits: DeviceLimits,
}

impl CudaDevice {
    /// The number of visible cards, at least one.
    ///
    /// # Errors
    /// [`CudaError::NoDriver`], [`CudaError::DriverTooOld`], [`CudaError::NoDevice`].
    pub fn count() -> Result<usize, CudaError> {
        start_driver()?;
        let count = device::get_count().map_err(|error| CudaError::call("counting the cards", error))?;
        match usize::try_from(count) {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(CudaError::NoDevice),
        }
    }

    /// Opens card `ordinal`, from 0, and retains its primary context, which it shares with other CUDA code of the
    /// process.
    ///
    /// # Errors
    /// As [`count`](Self::count), and [`CudaError::NoSuchDevice`], [`CudaError::Driver`].
    pub fn open(ordinal: usize) -> Result<Self, CudaError> {
        let count = Self::count()?;
        if ordinal >= count {
            return Err(CudaError::NoSuchDevice { ordinal, count });
        }
        let failed = |error| CudaError::call("opening the card", error);
        let context = CudaContext::new(ordinal).map_err(failed)?;
        // SAFETY: events would order accesses from several streams; the one stream made here orders them by itself, and
        // the context stays private to this module.
        unsafe { context.disable_event_tracking() };
        let limits = query(&context).map_err(failed)?;
        let name = context.name().map_err(failed)?;
        Ok(Self { stream: context.default_stream(), context, name, limits })
    }

    /// The card's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its limits.
    #[must_use]
    pub fn limits(&self) -> &DeviceLimits {
        &self.limits
    }

    /// The architecture to compile for.
    #[must_use]
    pub fn architecture(&self) -> Architecture {
        self.limits.target()
    }

    /// Free and total bytes of its memory.
    ///
    /// # Errors
    /// [`CudaError::Driver`].
    pub fn memory(&self) -> Result<(usize, usize), CudaError> {
        self.context.mem_get_info().map_err(|error| CudaError::call("asking for free memory", error))
    }

    /// Waits for all work given to it.
    ///
    /// # Errors
    /// [`CudaError::Driver`], also when an earlier launch failed: such an error is not tied to a call.
    pub fn synchronize(&self) -> Result<(), CudaError> {
        let waited = self.stream.synchronize();
        waited.and_then(|()| self.context.check_err()).map_err(|error| CudaError::call("waiting for the card", error))
    }

    /// Makes the context current on this thread, for calls past cudarc's safe layer.
    pub(super) fn bind(&self) -> Result<(), CudaError> {
        self.context.bind_to_thread().map_err(|error| CudaError::call("selecting the card", error))
    }
}

impl fmt::Debug for CudaDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CudaDevice").field("name", &self.name).field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Loads and initialises the driver once. cudarc panics when the library or a function of it is missing, so both are
/// tried first.
fn start_driver() -> Result<(), CudaError> {
    static STARTED: OnceLock<Result<(), CudaError>> = OnceLock::new();
    STARTED
        .get_or_init(|| {
            if !is_driver_there() {
                return Err(CudaError::NoDriver { reason: "libcuda.so was not found".into() });
            }
            // A library of that name without the functions is not the driver: a panic there is an answer.
            catch_unwind(AssertUnwindSafe(initialise)).unwrap_or_else(|_| {
                Err(CudaError::NoDriver { reason: "libcuda.so lacks functions of the driver".into() })
            })
        })
        .clone()
}

/// Whether the driver's library loads. On Linux it has two names; cudarc tries thirty, most of them of other systems.
fn is_driver_there() -> bool {
    if cfg!(target_os = "linux") {
        // SAFETY: loading the driver's library runs its initialisers, which is what using a card means.
        return ["libcuda.so", "libcuda.so.1"].iter().any(|name| unsafe { libloading::Library::new(*name) }.is_ok());
    }
    // SAFETY: as above.
    unsafe { sys::is_culib_present() }
}

fn initialise() -> Result<(), CudaError> {
    let mut version: c_int = 0;
    // SAFETY: the pointer is to a live integer; the function needs no initialisation.
    let code = unsafe { sys::cuDriverGetVersion(&mut version) };
    code.result().map_err(CudaError::initialisation)?;
    let version = u32::try_from(version).unwrap_or(0);
    let found = (version / 1000, version % 1000 / 10);
    if found < OLDEST_DRIVER {
        return Err(CudaError::DriverTooOld { found, needed: OLDEST_DRIVER });
    }
    cudarc::driver::result::init().map_err(CudaError::initialisation)
}

fn query(context: &CudaContext) -> Result<DeviceLimits, DriverError> {
    let attribute = |attribute| context.attribute(attribute).map(|value| u32::try_from(value).unwrap_or(0));
    let major = attribute(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)?;
    let minor = attribute(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)?;
    Ok(DeviceLimits {
        architecture: Architecture::new(major, minor).0,
        multiprocessors: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)?,
        warp_size: attribute(Attribute::CU_DEVICE_ATTRIBUTE_WARP_SIZE)?,
        threads_per_block: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK)?,
        threads_per_multiprocessor: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR)?,
        blocks_per_multiprocessor: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR)?,
        registers_per_block: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK)?,
        registers_per_multiprocessor: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR)?,
        shared_per_block: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK)?,
        shared_per_block_optin: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN)?,
        shared_per_multiprocessor: attribute(Attribute::CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR)?,
        shared_reserved_per_block: attribute(Attribute::CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK)?,
        l2_bytes: attribute(Attribute::CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE)?.into(),
        memory_bytes: context.total_mem()? as u64,
    })
}
