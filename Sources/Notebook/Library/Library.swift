import Language
import Tensors

/// Binds the primitives to the names that scripts use. This folder is the only place that does, a file for a namespace.
public enum Library {
    /// What is wrong with an environment variable that the primitives read, or nil.
    public static var problemWithSettings: String? {
        KernelVariant.problemWithSetting ?? ThreadPool.problemWithSetting
    }

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
        for type in LibraryTypes.all { registry.add(type: type) }
        registry.add(RecordedPrinting.functions(registry, console: console))
        return registry
    }
}
