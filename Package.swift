// swift-tools-version: 6.2
// Targets in dependency order. ArchitectureTests reads this file and the sources and fails on any other import.
import PackageDescription

let package = Package(
    name: "bridge",
    products: [.executable(name: "bridge", targets: ["bridge"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        // C and C++: hot loops, and the libraries that Swift cannot call by itself.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
        .target(name: "COpenBLAS"),
        .systemLibrary(
            name: "CMarkdown", pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
        .target(name: "CEdit", linkerSettings: [.linkedLibrary("edit")]),
        .target(
            name: "CGnuplot",
            linkerSettings: [
                .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_filesystem"), .linkedLibrary("boost_system"),
            ]),

        // Leaves that everyone may import.
        .target(name: "Randomness"),
        .target(name: "Interruption"),
        .target(name: "Spelling"),
        .target(
            name: "JSON", dependencies: [.product(name: "OrderedCollections", package: "swift-collections")]),

        .target(
            name: "Language",
            dependencies: [
                "Interruption", "Spelling",
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            // Values belong to one thread, the interpreter's: their counts need no atomic instructions.
            swiftSettings: [
                .unsafeFlags(["-enforce-exclusivity=unchecked", "-Xfrontend", "-assume-single-threaded"])
            ]),
        .target(name: "Metrics", dependencies: ["Randomness"]),
        .target(name: "Tasks", dependencies: ["JSON", "Randomness"]),
        .target(name: "Tensors", dependencies: ["CKernels", "COpenBLAS", "Randomness", "Interruption"]),
        .target(
            name: "Models", dependencies: ["CKernels", "Tensors", "JSON", "Randomness", "Interruption", "Spelling"]),
        .target(
            name: "Training",
            dependencies: ["Models", "Tensors", "Tasks", "Metrics", "JSON", "Randomness", "Interruption"]),
        .target(name: "Plots", dependencies: ["CGnuplot", "Interruption"]),
        .target(
            name: "Notebook",
            dependencies: [
                "Language", "Tensors", "Models", "Tasks", "Training", "Metrics", "Plots", "JSON", "Randomness",
                "Interruption", "Spelling", "CMarkdown",
            ]),
        .executableTarget(
            name: "bridge",
            // All modules whose values it touches, also through Notebook: an incremental build looks at no others, and
            // would keep code for the old layout of a class.
            dependencies: [
                "Notebook", "Language", "Tensors", "Models", "Tasks", "Training", "Plots", "JSON", "CEdit",
                "Interruption", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(name: "CMemory", path: "Tests/CMemory"),
        .target(
            name: "Fuzzing", dependencies: ["CMemory", "Interruption", "Language", "Notebook"], path: "Tests/Fuzzing"),
        .executableTarget(name: "fuzz", dependencies: ["Fuzzing", "Language"], path: "Tests/fuzz"),
        .target(name: "CoverageFuzzing", dependencies: ["Language"], path: "Tests/CoverageFuzzing"),
        .testTarget(name: "FuzzTests", dependencies: ["fuzz", "Language", "TestSupport"]),
        .target(name: "CPeak", path: "Tests/CPeak", cSettings: [.unsafeFlags(["-O3"])]),
        .executableTarget(
            name: "measure", dependencies: ["CPeak", "Language", "Models", "Randomness", "Tensors"], path: "Tests/measure"),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"]),
        .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "LanguageTests", dependencies: ["Language", "Interruption", "TestSupport"]),
        .testTarget(name: "MetricsTests", dependencies: ["Metrics", "TestSupport"]),
        .testTarget(name: "TasksTests", dependencies: ["Tasks", "TestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels", "Randomness", "TestSupport"]),
        .testTarget(
            name: "ModelsTests",
            dependencies: ["CMemory", "Models", "Tensors", "JSON", "Interruption", "Randomness", "TestSupport"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: ["Training", "Models", "Tensors", "Tasks", "Interruption", "Randomness", "TestSupport"]),
        .testTarget(name: "PlotsTests", dependencies: ["Plots", "Interruption", "TestSupport"]),
        .testTarget(
            name: "NotebookTests",
            dependencies: ["Notebook", "Language", "Tensors", "Models", "Plots", "Interruption", "TestSupport"]),
        .testTarget(name: "CommandTests", dependencies: ["TestSupport"]),
    ],
    cxxLanguageStandard: .cxx17
)
