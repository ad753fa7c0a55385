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
        registry.add(SessionLibrary.functions(environment), topic: "Session")
        registry.add(DataLibrary.functions(), topic: "Files")
        registry.add(TaskLibrary.functions(environment), topic: "Tasks")
        registry.add(TensorLibrary.functions(environment), topic: "Tensors")
        registry.add(ModelLibrary.functions(environment), topic: "Models")
        registry.add(BridgeLibrary.functions(environment), topic: "Bridge")
        registry.add(SamplingLibrary.functions(environment), topic: "Sampling")
        registry.add(TrainingLibrary.functions(environment), topic: "Training")
        registry.add(EvaluationLibrary.functions(environment), topic: "Evaluation")
        registry.add(MetricLibrary.functions(), topic: "Metrics")
        registry.add(PlotLibrary.functions(environment), topic: "Plots")
        for type in LibraryTypes.all { registry.add(type: type) }
        registry.add(RecordedPrinting.functions(registry, console: console))
        return registry
    }
}
