import Language
import Plots

/// Binds the primitives to the names that scripts use. This folder is the only place that does, a file for a namespace.
public enum Library {
    /// The whole library.
    /// - Parameter console: where functions show progress and figures.
    public static func registry(console: Console) -> Registry {
        let registry = Registry()
        let environment = LibraryEnvironment(console: console)
        registry.add(SessionLibrary.functions(environment))
        registry.add(DataLibrary.functions())
        registry.add(TaskLibrary.functions(environment))
        registry.add(TensorLibrary.functions(environment))
        registry.add(ModelLibrary.functions(environment))
        registry.add(BridgeLibrary.functions(environment))
        registry.add(SamplingLibrary.functions(environment))
        registry.add(TrainingLibrary.functions(environment))
        registry.add(EvaluationLibrary.functions(environment))
        registry.add(MetricLibrary.functions())
        registry.add(PlotLibrary.functions(environment))
        return registry
    }
}

/// What the library's functions share within a session.
final class LibraryEnvironment {
    let console: Console
    /// What `seed(n)` set; every random number is a function of it.
    var seed: UInt64 = 0
    /// How often `seed` was followed by a call that draws from the user's own stream, so that two calls differ.
    var draws = 0
    /// One gnuplot process, started by the first figure.
    let plots = GnuplotSession()

    init(console: Console) { self.console = console }
}
