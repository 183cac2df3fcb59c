// swift-tools-version: 6.3
import PackageDescription

// The order of this list is the order of imports: a target names only targets above it (ARCHITECTURE.md).
let swift: [SwiftSetting] = [
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// Swift's libraries inside of the command: loading them takes longer than most searches. The library of tests has no such form, so
// `swift test -c release`, which is for the long ones, goes without.
let linkedIn: [LinkerSetting] =
  Context.environment["LEVIN_LONG"] != nil
  ? []
  : [
    .unsafeFlags(
      ["-static-stdlib", "-use-ld=lld", "-l_FoundationCollections", "-l_FoundationCShims"],
      .when(platforms: [.linux], configuration: .release))
  ]

let package = Package(
  name: "levin",
  products: [
    .library(
      name: "Levin",
      targets: [
        "ExactArithmetic", "Randomness", "Documents", "Grammars", "Evaluation", "Networks", "Tasks", "Search",
        "Induction", "Learner", "Comparison", "Circuits",
      ]),
    .library(name: "LevinNetworks", targets: ["Networks"]),
    .library(name: "LevinLearner", targets: ["Learner"]),
    .executable(name: "levin", targets: ["levin"]),
  ],
  dependencies: [
    // The command line: parsing, usage, help.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    // The heaps behind the ladder of levels and the backward search.
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"]), .brew(["gmp"])]),
    .target(name: "ExactArithmetic", dependencies: ["CGMP"], swiftSettings: swift),
    .target(name: "Randomness", swiftSettings: swift),
    .target(name: "Documents", dependencies: ["ExactArithmetic"], swiftSettings: swift),
    .target(name: "Figures", swiftSettings: swift),
    .target(
      name: "Grammars",
      dependencies: [
        "ExactArithmetic", "Randomness", "Documents",
        .product(name: "HeapModule", package: "swift-collections"),
      ], swiftSettings: swift),
    .target(name: "CKernels"),
    .target(name: "Evaluation", dependencies: ["ExactArithmetic", "Grammars", "CKernels"], swiftSettings: swift),
    // Loads OpenBLAS when a network first needs it: nothing is linked.
    .target(name: "COpenBLAS"),
    .target(name: "CTensorKernels"),
    .target(
      name: "Networks",
      dependencies: [
        "Randomness", "Documents", "CTensorKernels",
        // Dense products; macOS has Accelerate.
        .target(name: "COpenBLAS", condition: .when(platforms: [.linux])),
      ], swiftSettings: swift),
    .target(
      name: "Tasks",
      dependencies: ["ExactArithmetic", "Randomness", "Documents", "Grammars", "Evaluation"], swiftSettings: swift),
    .target(
      name: "Search",
      dependencies: [
        "ExactArithmetic", "Randomness", "Grammars", "Evaluation", "Tasks", "CKernels",
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: swift),
    .target(
      name: "Induction", dependencies: ["ExactArithmetic", "Tasks", "Search"], swiftSettings: swift),
    .target(
      name: "Learner", dependencies: ["Randomness", "Documents", "Grammars", "CTensorKernels", "Networks", "Tasks"],
      swiftSettings: swift),
    .target(
      name: "Comparison",
      dependencies: ["ExactArithmetic", "Randomness", "Documents", "Figures", "Grammars", "Tasks"],
      swiftSettings: swift),
    .target(
      name: "Circuits",
      dependencies: ["ExactArithmetic", "Randomness", "Grammars", "Evaluation", "CTensorKernels", "Networks"],
      swiftSettings: swift),
    .executableTarget(
      name: "levin",
      dependencies: [
        "ExactArithmetic", "Randomness", "Documents", "Figures", "Grammars", "Evaluation", "Networks", "Tasks",
        "Search",
        "Induction", "Learner", "Comparison", "Circuits",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swift,
      linkerSettings: linkedIn),
    .target(
      name: "TestSupport",
      dependencies: ["ExactArithmetic", "Randomness", "Documents", "Grammars", "Evaluation", "Tasks", "Search"],
      swiftSettings: swift),
    .testTarget(name: "ExactArithmeticTests", dependencies: ["ExactArithmetic"], swiftSettings: swift),
    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"], swiftSettings: swift),
    .testTarget(name: "DocumentsTests", dependencies: ["ExactArithmetic", "Documents"], swiftSettings: swift),
    .testTarget(
      name: "FiguresTests", dependencies: ["Randomness", "Figures", "TestSupport"], exclude: ["Golden"],
      swiftSettings: swift),
    .testTarget(
      name: "GrammarsTests", dependencies: ["ExactArithmetic", "Randomness", "Documents", "Grammars", "TestSupport"],
      exclude: ["Faults", "Files"], swiftSettings: swift),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["ExactArithmetic", "Grammars", "Evaluation", "Randomness", "TestSupport"], swiftSettings: swift),
    .testTarget(
      name: "NetworksTests", dependencies: ["Randomness", "Documents", "Networks", "TestSupport"],
      exclude: ["Faults", "Fixtures", "Reference"], swiftSettings: swift),
    .testTarget(
      name: "LearnerTests",
      dependencies: [
        "Randomness", "Documents", "Grammars", "CTensorKernels", "Networks", "Tasks", "Learner", "TestSupport",
      ], swiftSettings: swift),
    .testTarget(
      name: "TasksTests",
      dependencies: ["ExactArithmetic", "Randomness", "Documents", "Grammars", "Tasks", "TestSupport"],
      swiftSettings: swift),
    .testTarget(
      name: "SearchTests",
      dependencies: ["ExactArithmetic", "Randomness", "Grammars", "Evaluation", "Tasks", "Search", "TestSupport"],
      exclude: ["Reference"], swiftSettings: swift),
    .testTarget(
      name: "InductionTests",
      dependencies: [
        "ExactArithmetic", "Randomness", "Grammars", "Evaluation", "Tasks", "Search", "Induction", "TestSupport",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "ComparisonTests",
      dependencies: [
        "ExactArithmetic", "Randomness", "Documents", "Figures", "Grammars", "Tasks", "Comparison", "TestSupport",
      ], swiftSettings: swift),
    .testTarget(
      name: "CircuitsTests",
      dependencies: [
        "ExactArithmetic", "Randomness", "Documents", "Grammars", "Evaluation", "Networks", "Circuits", "TestSupport",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "levin", "ExactArithmetic", "Documents", "Grammars", "Evaluation", "Tasks", "Search", "TestSupport",
      ],
      exclude: ["Golden"], swiftSettings: swift),
  ]
)
