// swift-tools-version: 6.3
import PackageDescription

// Levin is built with plain `swift build -c release`; only the C that it is compared with gets flags of its own. What is timed in
// one process is linked as the command is: making and releasing an object takes twice as long in Swift's dynamic libraries.
let linkedAsTheCommand: [LinkerSetting] = [
  .unsafeFlags(["-static-stdlib", "-use-ld=lld"], .when(platforms: [.linux], configuration: .release))
]

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "levin", path: "..")],
  targets: [
    // The search: enumeration beside a C reference, lookups, exact integers.
    .target(
      name: "Reference", path: "Benchmarks/Reference", exclude: ["integers.inc"],
      cSettings: [.unsafeFlags(["-O3", "-march=native", "-fwrapv"])], linkerSettings: [.linkedLibrary("gmp")]),
    .executableTarget(
      name: "Performance", dependencies: ["Reference", .product(name: "Levin", package: "levin")],
      path: "Benchmarks/Performance", linkerSettings: linkedAsTheCommand),
    // Runs Levin and another synthesizer on one file, for peers/run.
    .executableTarget(
      name: "Peers", dependencies: [.product(name: "Levin", package: "levin")], path: "Benchmarks/Peers"),
    // Steps of training beside the rate of bare matrix products; sees the products' library by itself.
    .systemLibrary(name: "BLAS", path: "Benchmarks/BLAS", pkgConfig: "openblas"),
    .executableTarget(
      name: "NetworkSteps", dependencies: ["BLAS", .product(name: "LevinNetworks", package: "levin")],
      path: "Benchmarks/Networks"),
    // Exact context-tree weighting: symbols per second, and how the numbers grow.
    .executableTarget(
      name: "InductionSymbols", dependencies: [.product(name: "Levin", package: "levin")], path: "Benchmarks/Induction",
      linkerSettings: linkedAsTheCommand),
    // Levin search: its machine beside a C switch, shared prefixes beside running every program alone.
    .target(
      name: "SwitchReference", path: "Benchmarks/SwitchReference", cSettings: [.unsafeFlags(["-O3", "-march=native"])]),
    .executableTarget(
      name: "LevinPerformance", dependencies: ["SwitchReference", .product(name: "Levin", package: "levin")],
      path: "Benchmarks/Levin", linkerSettings: linkedAsTheCommand),
    // One timed training step, for peers/run-pytorch.
    .executableTarget(
      name: "levin-step",
      dependencies: [
        .product(name: "LevinNetworks", package: "levin"), .product(name: "LevinLearner", package: "levin"),
      ],
      path: "Benchmarks/Step"),
  ]
)
