import Language

/// What the library's handles are, and their fields.
enum LibraryTypes {
    static let all: [NativeType] = [
        NativeType(
            "Tensor", "Float32 numbers in rows and columns, as in PyTorch; indexed as `x[1:3, :, -1]`.",
            fields: [
                ("shape", "the length of each dimension"), ("T", "the last two dimensions swapped"),
                ("grad", "what backward() left here; nil without it"),
            ]),
        NativeType(
            "Model", "A language model with its tokenizer.",
            fields: [
                ("name", "what it was loaded as"), ("parameters", "numbers in its weights"),
                ("new_parameters", "those of the blocks that were attached"),
                ("new_fraction", "their share of all parameters"), ("layers", "transformer blocks"),
                ("dim", "width of the hidden states"), ("vocabulary", "tokens it knows"),
                ("context", "the longest text in tokens"), ("blocks", "\"bridge\", \"pmatch\" or nil"),
            ]),
        NativeType("Task", "Problems with answers that can be verified.", fields: [("name", "what it is called")]),
        NativeType(
            "Groups", "Answers sampled in parallel: rows of one group answer the same problem.",
            fields: [
                ("width", "rows in a group"), ("rows", "a record for each row"), ("text", "the texts, a list a group"),
                ("tokens", "the ids, a list a group"), ("logprobs", "log-probabilities of the tokens, a list a group"),
                ("rewards", "1.0 where the answer is right, a list a group"),
                ("finished", "whether the row came to its end, a list a group"),
                ("accuracy", "the share of rows that are right"), ("mean_length", "tokens of a row, on average"),
            ]),
        NativeType(
            "Traces", "Answers that were sampled and verified, to be learned from.",
            fields: [
                ("problems", "problems with a right answer"), ("rows", "right answers"),
                ("sampled", "problems that were tried"), ("accuracy", "the share of answers that were right"),
            ]),
        NativeType(
            "Run", "The record of a training run.",
            fields: [
                ("kind", "what kind of training it was"), ("history", "a record of numbers for each step"),
                ("folder", "where its checkpoints lie; nil without one"), ("seconds", "how long it took"),
            ]),
        NativeType("Evaluation", "What a model can do on a task, with intervals.", fields: evaluation),
        NativeType("Figure", "A plot; it is drawn where it is shown or saved.", fields: [("title", "above the plot")]),
        NativeType(
            "Optimiser", "Changes weights by their gradients.",
            fields: [("lr", "the learning rate of its first group; setting it sets that of all")]),
    ]

    private static let evaluation: [(name: String, summary: String)] = [
        ("model", "the model's name"), ("task", "the task's name"), ("width", "rows sampled for each problem"),
        ("k", "rows that pass, majority and gpass draw"), ("problems", "how many were asked"),
        ("accuracy", "the share of rows that are right"), ("accuracy_low", "lower end of its 95% interval"),
        ("accuracy_high", "upper end of its 95% interval"),
        ("coverage", "the share of problems with a right row"), ("coverage_low", "lower end of its interval"),
        ("coverage_high", "upper end of its interval"),
        ("consistency", "the share of problems with all rows right"), ("consistency_low", "lower end of its interval"),
        ("consistency_high", "upper end of its interval"),
        ("gpass", "the chance that at least m of k rows are right, for m from 1 to k"),
        ("gpass_low", "lower ends of their intervals"), ("gpass_high", "upper ends of their intervals"),
        ("mgpass", "the mean of gpass over the upper half of m"), ("pass", "the chance that one of k rows is right"),
        ("majority", "the chance that the commonest answer of k rows is right"),
        ("mean_length", "tokens of a row, on average"), ("finished", "the share of rows that came to their end"),
    ]
}
