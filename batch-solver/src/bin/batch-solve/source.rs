//! The verb `source`.

use batch_solver::Model;
use buffer_runtime::Device;

use crate::arguments::SourceArguments;
use crate::configure;
use crate::failure::Failure;
use crate::layout::compile;
use crate::output::print;

pub(crate) fn source(arguments: &SourceArguments) -> Result<(), Failure> {
    let model = Model::read(&arguments.model)?;
    if arguments.gpu {
        let solver = configure::configured(&model, configure::any_device()?, &arguments.given)?;
        let binary =
            compile(&solver, arguments.arch).map_err(|error| Failure::Gpu { option: "gpu", error: error.into() })?;
        return print(binary.source());
    }
    let mut solver = configure::configured(&model, Device::cpu()?, &arguments.given)?;
    print(&solver.source()?)
}
