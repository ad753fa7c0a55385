/// Files of the kinds that are mutated besides programs.
extension Corpus {
    /// - Parameter scripts: the real programs, some of which have cells.
    static func files(_ kind: Campaign.Kind, scripts: Corpus) -> Corpus {
        switch kind {
        case .json: Corpus(scripts: json.map { Array($0.utf8) })
        case .csv: Corpus(scripts: csv.map { Array($0.utf8) })
        case .notebook:
            // As many of Jupyter's as of ours.
            Corpus(
                scripts: notebooks.map { Array($0.utf8) }
                    + scripts.scripts.filter { $0.starts(with: "# %%".utf8) }.flatMap { [$0, Array(jupyter.utf8)] })
        case .history: Corpus(scripts: history.map { Array($0.utf8) })
        default: scripts
        }
    }

    private static let json = [
        #"{"name": "a", "size": 3, "parts": [1, -2.5e3, 1e-7, true, false, null], "inner": {"x": {"y": []}}}"#,
        #"["\u00e9\ud83d\ude00\n\t\"\\\/", "é😀", "", {"": 0}, [[[[]]]], 9223372036854775807, 1E400, -0.0]"#,
        "{\"a\": 1, \"b\": [2, 3]}\n{\"a\": 2, \"b\": []}\n\n{\"a\": null}\n", "[\n  {\n    \"k\": \"v\"\n  }\n]\n", "0", "\"\"",
        #"{"a": 18446744073709551616, "b": 0.1, "c": 5e-324, "d": 123456789012345678901234567890}"#,
    ]

    private static let csv = [
        "step,loss,name\n1,0.5,a\n2,1e-3,\"b, c\"\n3,,\"say \"\"no\"\"\"\n", "a;b\r\n1;2\r\n\"two\nlines\";true\r\n",
        "\u{FEFF}x\ty\n-0\tnan\ninf\tnil\n", "only\n", "a,b,c\n,,\n1,2,3", "a\n\"001\"\n1_000\n0x1f\n 1 \n9223372036854775808\n",
    ]

    private static let notebooks = [
        "# %% One\nx = 1\n\n# %% [markdown] Two\n# # Head\n#\n# text\n\n# %%\nprint(\"\"\"\n# %% no\n\"\"\")\n",
        "a\n#%%[md]\n# b\n\nc = 2  # %% no\n# %% [raw]\n# d\n",
    ]

    private static let jupyter = """
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "bridge"}}, "cells": [
          {"cell_type": "code", "id": "a1", "metadata": {"title": "T"}, "execution_count": 1, "source": ["x = 1\\n", "x"],
           "outputs": [{"output_type": "execute_result", "data": {"text/plain": ["1"]}, "metadata": {}, "execution_count": 1}]},
          {"cell_type": "markdown", "metadata": {}, "source": "# Head\\n\\ntext"},
          {"cell_type": "raw", "metadata": {}, "source": []}]}
        """

    private static let history = [
        "first\nsecond\\nline\t1700000000250\t42\n\t1700000000250\t42\t0.5\n", "a\\tb\\\\\t1700000000000\t7\n",
        "# comment\n\u{0}\u{1}\r\nend", "x = 1\nx = 1\nx = 1\n", "trailing\\",
    ]
}
