// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "levin", path: "..")],
  targets: [
    // Steps of training beside the rate of bare matrix products; sees the products' library by itself.
    .systemLibrary(name: "BLAS", path: "Benchmarks/BLAS", pkgConfig: "openblas"),
    .executableTarget(
      name: "NetworkSteps", dependencies: ["BLAS", .product(name: "LevinNetworks", package: "levin")],
      path: "Benchmarks/Networks"),
    // Exact context-tree weighting: symbols per second, and how the numbers grow.
    .executableTarget(
      name: "InductionSymbols", dependencies: [.product(name: "Levin", package: "levin")], path: "Benchmarks/Induction"),
    // One timed training step, for peers/run-pytorch.
    .executableTarget(
      name: "levin-step",
      dependencies: [
        .product(name: "LevinNetworks", package: "levin"), .product(name: "LevinLearner", package: "levin"),
      ],
      path: "Benchmarks/Step"),
  ]
)
