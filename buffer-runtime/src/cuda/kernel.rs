//! Loaded kernels and their launches.

use std::{
    ffi::{CString, c_uint, c_void},
    fmt, ptr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use cudarc::driver::{
    CudaEvent, DriverError, result,
    sys::{self, CUevent_flags, CUfunction_attribute as Attribute, CUjit_option},
};

use super::{CudaDevice, CudaError, error::message};
use crate::nvrtc::KernelResources;

/// Bytes for what the driver's compiler has to say.
const LOG_BYTES: usize = 16 * 1024;

/// The shape of a launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LaunchShape {
    /// Blocks.
    pub grid: u32,
    /// Threads of a block.
    pub block: u32,
    /// Bytes of dynamic shared memory of a block.
    pub dynamic_shared: u32,
}

/// A kernel on a card, unloaded on drop.
pub struct LoadedKernel {
    device: CudaDevice,
    name: String,
    module: sys::CUmodule,
    function: sys::CUfunction,
    resources: KernelResources,
    threads_per_block: u32,
    /// Bytes of dynamic shared memory that the function is set to allow.
    allowed_shared: Mutex<u32>,
}

// SAFETY: the handles belong to the context, not to a thread, and the driver's functions may be called from any thread
// with the context current; every call here binds it first.
unsafe impl Send for LoadedKernel {}
// SAFETY: as above; the one setting that changes is behind a mutex.
unsafe impl Sync for LoadedKernel {}

impl CudaDevice {
    /// Loads the kernel `name` from machine code (CUBIN) or PTX, which the driver compiles then.
    ///
    /// # Safety
    /// `image` must be what NVRTC produced: the driver reads it without knowing its length.
    ///
    /// # Errors
    /// [`CudaError::Load`] with the log of the driver's compiler, [`CudaError::NoSuchKernel`], [`CudaError::Driver`].
    pub unsafe fn load(&self, image: &[u8], name: &str) -> Result<LoadedKernel, CudaError> {
        let no_such_kernel = || CudaError::NoSuchKernel { kernel: name.into() };
        let c_name = CString::new(name).map_err(|_| no_such_kernel())?;
        self.bind()?;
        // SAFETY: the caller vouches for the image; the context is current.
        let module = unsafe { load_module(image) }.map_err(|(error, log)| CudaError::Load {
            kernel: name.into(),
            message: message(error),
            log,
        })?;
        let mut kernel = LoadedKernel {
            device: self.clone(),
            name: name.into(),
            module,
            function: ptr::null_mut(),
            resources: KernelResources { name: name.into(), ..KernelResources::default() },
            threads_per_block: 0,
            allowed_shared: Mutex::new(0),
        };
        // SAFETY: the module was just loaded and lives as long as `kernel`.
        kernel.function = unsafe { result::module::get_function(module, c_name) }.map_err(|_| no_such_kernel())?;
        kernel.describe()?;
        Ok(kernel)
    }
}

impl LoadedKernel {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The card it is loaded on.
    #[must_use]
    pub fn device(&self) -> &CudaDevice {
        &self.device
    }

    /// Registers, stack, static shared and constant memory as the driver reports them; spills are in the compiler's
    /// report only.
    #[must_use]
    pub fn resources(&self) -> &KernelResources {
        &self.resources
    }

    /// Threads of a block, at most: its registers and launch bounds count.
    #[must_use]
    pub fn threads_per_block(&self) -> u32 {
        self.threads_per_block
    }

    /// Bytes of dynamic shared memory of a block, at most.
    #[must_use]
    pub fn dynamic_shared_limit(&self) -> u32 {
        self.device.limits().shared_per_block_optin.saturating_sub(self.resources.shared_bytes)
    }

    /// Resident blocks of a multiprocessor, as the driver computes them.
    ///
    /// # Errors
    /// [`CudaError::LaunchShape`], [`CudaError::Driver`].
    pub fn blocks_per_multiprocessor(&self, block: u32, dynamic_shared: u32) -> Result<u32, CudaError> {
        self.prepare(&LaunchShape { grid: 1, block, dynamic_shared })?;
        let block = i32::try_from(block).unwrap_or(i32::MAX);
        // SAFETY: the function belongs to a loaded module, and its context is current.
        let blocks = unsafe {
            result::occupancy::max_active_block_per_multiprocessor(self.function, block, dynamic_shared as usize)
        };
        let blocks = blocks.map_err(|error| CudaError::call("asking for the occupancy", error))?;
        Ok(u32::try_from(blocks).unwrap_or(0))
    }

    /// Starts the kernel; the card runs it after the work given before. [`CudaDevice::synchronize`] or a copy waits for
    /// it.
    ///
    /// # Safety
    /// `arguments` point to one value for each parameter of the kernel, in order and of its type; the driver copies
    /// them before this returns. Addresses among them must be of arrays that live until the kernel ends, on this card,
    /// and of the length that the kernel accesses with this shape.
    ///
    /// # Errors
    /// [`CudaError::LaunchShape`] before anything happens; [`CudaError::Driver`].
    pub unsafe fn launch(&self, shape: &LaunchShape, arguments: &mut [*mut c_void]) -> Result<(), CudaError> {
        self.prepare(shape)?;
        let stream = self.device.stream.cu_stream();
        // SAFETY: the function is loaded and its context current; the caller vouches for the arguments.
        let launched = unsafe {
            result::launch_kernel(
                self.function,
                (shape.grid, 1, 1),
                (shape.block, 1, 1),
                shape.dynamic_shared,
                stream,
                arguments,
            )
        };
        launched.map_err(|error| CudaError::call("launching the kernel", error))
    }

    /// [`launch`](Self::launch), then waits; the time the kernel took on the card, measured there.
    ///
    /// # Safety
    /// As [`launch`](Self::launch).
    ///
    /// # Errors
    /// As [`launch`](Self::launch); an error of the kernel itself is reported here.
    pub unsafe fn launch_timed(
        &self,
        shape: &LaunchShape,
        arguments: &mut [*mut c_void],
    ) -> Result<Duration, CudaError> {
        let failed = |error| CudaError::call("timing the kernel", error);
        let start = self.mark().map_err(failed)?;
        // SAFETY: the caller's promise is this function's.
        unsafe { self.launch(shape, arguments)? };
        let end = self.mark().map_err(failed)?;
        let milliseconds = start.elapsed_ms(&end).map_err(failed)?;
        Ok(Duration::try_from_secs_f32(milliseconds / 1e3).unwrap_or_default())
    }

    fn mark(&self) -> Result<CudaEvent, DriverError> {
        let event = self.device.context.new_event(Some(CUevent_flags::CU_EVENT_DEFAULT))?;
        event.record(&self.device.stream)?;
        Ok(event)
    }

    /// Checks a shape, makes the context current and allows the shared memory.
    fn prepare(&self, shape: &LaunchShape) -> Result<(), CudaError> {
        let limit = |what, value: u32, limit: u32| CudaError::LaunchShape {
            kernel: self.name.clone(),
            what,
            value: value.into(),
            limit: limit.into(),
        };
        // The driver's limit for the first dimension of a grid.
        const BLOCKS: u32 = i32::MAX.unsigned_abs();
        if shape.grid == 0 || shape.grid > BLOCKS {
            return Err(limit("blocks", shape.grid, BLOCKS));
        }
        if shape.block == 0 || shape.block > self.threads_per_block {
            return Err(limit("threads per block", shape.block, self.threads_per_block));
        }
        if shape.dynamic_shared > self.dynamic_shared_limit() {
            return Err(limit("bytes of dynamic shared memory", shape.dynamic_shared, self.dynamic_shared_limit()));
        }
        self.device.bind()?;
        self.allow_shared(shape.dynamic_shared)
    }

    /// Raises the function's bound on dynamic shared memory. It is never lowered: another thread may be about to launch
    /// with more.
    fn allow_shared(&self, bytes: u32) -> Result<(), CudaError> {
        let mut allowed = self.allowed_shared.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes <= *allowed {
            return Ok(());
        }
        let value = i32::try_from(bytes).unwrap_or(i32::MAX);
        // SAFETY: the function belongs to a loaded module, and its context is current.
        let set = unsafe {
            result::function::set_function_attribute(
                self.function,
                Attribute::CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                value,
            )
        };
        set.map_err(|error| CudaError::call("allowing more shared memory", error))?;
        *allowed = bytes;
        Ok(())
    }

    fn describe(&mut self) -> Result<(), CudaError> {
        let attribute = |attribute| {
            // SAFETY: the function belongs to a loaded module, and its context is current.
            let value = unsafe { result::function::get_function_attribute(self.function, attribute) };
            let value = value.map_err(|error| CudaError::call("asking for a kernel's resources", error))?;
            Ok::<_, CudaError>(u32::try_from(value).unwrap_or(0))
        };
        let registers = attribute(Attribute::CU_FUNC_ATTRIBUTE_NUM_REGS)?;
        let stack_bytes = attribute(Attribute::CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES)?;
        let shared_bytes = attribute(Attribute::CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES)?;
        let constant_bytes = attribute(Attribute::CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES)?;
        let threads_per_block = attribute(Attribute::CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK)?;
        let allowed = attribute(Attribute::CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)?;
        self.resources.registers = registers;
        self.resources.stack_bytes = stack_bytes;
        self.resources.shared_bytes = shared_bytes;
        self.resources.constant_bytes = constant_bytes;
        self.threads_per_block = threads_per_block;
        self.allowed_shared = Mutex::new(allowed);
        Ok(())
    }
}

impl Drop for LoadedKernel {
    fn drop(&mut self) {
        if self.device.bind().is_ok() {
            // SAFETY: loaded by `load` and unloaded once. The driver waits for running kernels.
            let unloaded = unsafe { result::module::unload(self.module) };
            // Surfaces in the next call that waits for the card.
            self.device.context.record_err(unloaded);
        }
    }
}

impl fmt::Debug for LoadedKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadedKernel")
            .field("name", &self.name)
            .field("device", &self.device.name())
            .field("resources", &self.resources)
            .finish_non_exhaustive()
    }
}

/// Loads a module; an error comes with the log of the driver's compiler.
///
/// # Safety
/// `image` is a CUBIN or PTX text, and a context is current.
unsafe fn load_module(image: &[u8]) -> Result<sys::CUmodule, (DriverError, String)> {
    // PTX needs a terminating NUL; the copy also has the alignment of an allocation, which machine code needs.
    let mut terminated = Vec::with_capacity(image.len() + 1);
    terminated.extend_from_slice(image);
    terminated.push(0);
    let mut log = vec![0u8; LOG_BYTES];
    let mut options = [CUjit_option::CU_JIT_ERROR_LOG_BUFFER, CUjit_option::CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES];
    // The second value is a number in the place of a pointer.
    let mut values: [*mut c_void; 2] = [log.as_mut_ptr().cast(), ptr::without_provenance_mut(LOG_BYTES)];
    let count = c_uint::try_from(options.len()).unwrap_or(0);
    let mut module = ptr::null_mut();
    // SAFETY: the image is terminated and copied by the driver; the arrays hold `count` options, and the log buffer has
    // the size that the second option says.
    let code = unsafe {
        sys::cuModuleLoadDataEx(
            &mut module,
            terminated.as_ptr().cast(),
            count,
            options.as_mut_ptr(),
            values.as_mut_ptr(),
        )
    };
    code.result().map(|()| module).map_err(|error| {
        let length = log.iter().position(|byte| *byte == 0).unwrap_or(LOG_BYTES);
        (error, String::from_utf8_lossy(&log[..length]).trim().to_owned())
    })
}
