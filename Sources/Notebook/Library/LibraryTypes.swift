import Language

/// What the library's handles are.
enum LibraryTypes {
    static let all: [NativeType] = [
        NativeType(
            "Tensor", "Float32 numbers in rows and columns, as in PyTorch; indexed as `x[1:3, :, -1]`.",
            fields: TensorObject.fields),
        NativeType("Model", "A language model with its tokenizer.", fields: ModelObject.fields),
        NativeType("Task", "Problems with answers that can be verified.", fields: TaskObject.fields),
        NativeType(
            "Groups", "Answers sampled in parallel: rows of one group answer the same problem.",
            fields: GroupsObject.fields),
        NativeType(
            "Traces", "Answers that were sampled and verified, to be learned from.",
            fields: TracesObject.fields),
        NativeType("Run", "The record of a training run.", fields: RunObject.fields),
        NativeType("Evaluation", "What a model can do on a task, with intervals.", fields: EvaluationObject.fields),
        NativeType("Figure", "A plot; it is drawn where it is shown or saved.", fields: FigureObject.fields),
        NativeType("Optimiser", "Changes weights by their gradients.", fields: OptimiserObject.fields),
    ]
}
