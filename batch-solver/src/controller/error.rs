//! Controllers that follow an error estimate. They share bounds and safety factors, and differ in what they remember.

use buffer_runtime::{Buffer, Buffers};

macro_rules! error_controller {
    (
        $(#[$meta:meta])*
        $config:ident, $group:tt, $template:tt;
        $(gain $(#[$gain_meta:meta])* $gain:ident = $default:expr, in $range:expr;)*
        $(memory $(#[$memory_meta:meta])* $length:literal;)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Buffers)]
        #[buffers(name = $group, template = $template, validate = Self::check)]
        pub struct $config {
            /// Smaller order of the embedded pair.
            #[input]
            pub order: u32,
            /// First step size; 0 chooses one from the size of the solution and its derivatives.
            #[setting(default = 0.0, min = 0.0, argument)]
            pub dt: f64,
            /// Smallest step size: a run whose error wants a smaller one ends.
            #[setting(default = 1e-12, gt = 0.0, argument)]
            pub dt_min: f64,
            /// Largest step size.
            #[setting(default = 1e6, gt = 0.0, argument)]
            pub dt_max: f64,
            /// Attempts before a run ends.
            #[setting(default = 1_000_000, range = 1..=2_000_000_000, argument)]
            pub max_steps: i64,
            /// Factor below the step size that would just meet the tolerance.
            #[setting(default = 0.9, gt = 0.0, max = 1.0, argument)]
            pub safety: f64,
            /// Smallest factor between two steps.
            #[setting(default = 0.2, gt = 0.0, max = 1.0, argument)]
            pub min_gain: f64,
            /// Largest factor between two steps.
            #[setting(default = 10.0, min = 1.0, argument)]
            pub max_gain: f64,
            /// Lower end of the factors that leave the step size as it is.
            #[setting(default = 1.0, gt = 0.0, max = 1.0)]
            pub deadband_min: f64,
            /// Upper end of the factors that leave the step size as it is.
            #[setting(default = 1.0, min = 1.0)]
            pub deadband_max: f64,
            $(
                $(#[$gain_meta])*
                #[setting(default = $default, range = $range, argument)]
                pub $gain: f64,
            )*
            $(
                $(#[$memory_meta])*
                #[buffer(len = $length, persistent, zeroed)]
                pub timestep_memory: Buffer,
            )?
        }

        impl $config {
            fn check(&self) -> Result<(), String> {
                if self.dt_min > self.dt_max {
                    return Err(format!("dt_min = {} exceeds dt_max = {}", self.dt_min, self.dt_max));
                }
                if self.dt != 0.0 && !(self.dt_min..=self.dt_max).contains(&self.dt) {
                    let Self { dt, dt_min, dt_max, .. } = self;
                    return Err(format!("dt = {dt} is not between dt_min = {dt_min} and dt_max = {dt_max}"));
                }
                Ok(())
            }
        }
    };
}

error_controller! {
    /// Compile settings of the elementary controller: the step follows the last error alone.
    IControllerConfig, "i_controller", "i_controller";
    gain
    /// Gain of the last error.
    kp = 1.2, in 0.0..=9.0;
}

error_controller! {
    /// Compile settings of the proportional–integral controller: smoother steps from the last two errors.
    PiControllerConfig, "pi_controller", "pi_controller";
    gain
    /// Gain of the last error.
    kp = 0.7 * f64::from(order + 1) / f64::from(order.max(1)), in 0.0..=9.0;
    gain
    /// Gain of the error before.
    ki = -0.4 * f64::from(order + 1) / f64::from(order.max(1)), in -9.0..=9.0;
    memory
    /// Squared error norm of the last accepted step; 0 before there is one.
    1;
}

error_controller! {
    /// Compile settings of the proportional–integral–derivative controller: the last three errors.
    PidControllerConfig, "pid_controller", "pid_controller";
    gain
    /// Gain of the last error.
    kp = 0.7, in 0.0..=9.0;
    gain
    /// Gain of the error before.
    ki = -0.4, in -9.0..=9.0;
    gain
    /// Gain of the error before that.
    kd = 0.1, in -9.0..=9.0;
    memory
    /// Squared error norms of the last two accepted steps; 0 before there are any.
    2;
}

error_controller! {
    /// Compile settings of Gustafsson's predictive controller: the last two errors and steps.
    GustafssonControllerConfig, "gustafsson_controller", "gustafsson_controller";
    memory
    /// Of the last accepted step: the inverse of its size times the gain its error called for; 0 before there is one.
    1;
}
